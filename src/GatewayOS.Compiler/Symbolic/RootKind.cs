namespace GatewayOS.Compiler.Symbolic;

/// <summary>How long a storage root lives on a packet's way (ovn-architecture(7), Life Cycle of a Packet).</summary>
public enum RootKind
{
    /// <summary>A logical register: cleared between ingress and egress, and at patch ports.</summary>
    Register,

    /// <summary>The logical flags: survive from ingress to egress, cleared at patch ports.</summary>
    Flags,

    /// <summary>Conntrack state and pkt.mark: zero until conntrack is asked; ct cleared at patch ports.</summary>
    Metadata,

    /// <summary>Part of the packet.</summary>
    Header,
}
