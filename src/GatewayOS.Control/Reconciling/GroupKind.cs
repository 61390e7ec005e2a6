namespace GatewayOS.Control.Reconciling;

/// <summary>What entries can point at.</summary>
public enum GroupKind
{
    /// <summary>The configuration of a meter.</summary>
    Meter,
    Encapsulation,
    Framing,
    Output,

    /// <summary>The copies of a packet that goes to several outputs.</summary>
    Replication,
    Connection,
    State,
    Space,

    /// <summary>The entries of one tunnel key: nothing points at them, but the more specific shadow the others.</summary>
    Tunnel,
}
