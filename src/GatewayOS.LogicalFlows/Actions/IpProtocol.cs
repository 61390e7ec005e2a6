namespace GatewayOS.LogicalFlows;

/// <summary>A transport protocol that OVN's load balancers know, by its IP protocol number.</summary>
public enum IpProtocol
{
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}
