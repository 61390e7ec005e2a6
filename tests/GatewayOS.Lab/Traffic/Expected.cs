namespace GatewayOS.Lab.Traffic;

/// <summary>How much of a kind of traffic the devices on its way take from OVS.</summary>
public enum Expected
{
    /// <summary>Every packet: no NAT and no stateful ACL is on the way, so nothing needs connection tracking.</summary>
    Everything,

    /// <summary>More than 95 % of the packets that follow the first exchange of each connection, and do not open or close it.</summary>
    Connections,
}
