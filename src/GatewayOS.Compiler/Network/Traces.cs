namespace GatewayOS.Compiler.Network;

/// <summary>What one copy of a packet leaves for the next: OVS makes them one after the other, of one packet.</summary>
public enum Traces
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A DSCP that each copy that goes through the egress pipeline would have got anyway.</summary>
    Alike,

    /// <summary>Flags, or a field of the packet, that others would not have.</summary>
    Unlike,
}
