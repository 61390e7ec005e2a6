namespace GatewayOS.Connections;

/// <summary>A connection in one zone of a connection tracker.</summary>
/// <remarks>
/// A packet that passes several zones is a connection in each, with other tuples where addresses are translated between. Nothing here changes with
/// every packet, so two readings of a connection that only moved data are equal.
/// </remarks>
/// <param name="Zone">Trackers keep zones apart: equal tuples in two are two connections. OVN gives a logical port one, a router two.</param>
/// <param name="Original">Its first packet, before translation.</param>
/// <param name="Reply">The answers as they arrive, so before they are translated back; <c>Original</c> reversed when nothing is translated.</param>
public sealed record Connection(ushort Zone, ConnectionTuple Original, ConnectionTuple Reply)
{
    public ConnectionStatus Status { get; init; }

    /// <summary>ct_mark of OpenFlow.</summary>
    public uint Mark { get; init; }

    /// <summary>ct_label of OpenFlow: bit n of the label is bit n here.</summary>
    public UInt128 Labels { get; init; }

    /// <summary>Of TCP connections only.</summary>
    public TcpTracking? Tcp { get; init; }

    /// <summary>Of SCTP associations only.</summary>
    public SctpState? Sctp { get; init; }

    /// <summary>Tells a connection from a later one of the same tuple; 0 where the tracker gives none (Open vSwitch).</summary>
    public uint Id { get; init; }

    public bool Has(ConnectionStatus status) => (Status & status) == status;

    public bool IsTranslated => Original.Reversed != Reply;

    public override string ToString() => $"zone {Zone} {Original}{(IsTranslated ? $" as {Reply.Reversed}" : "")} [{Status}]";
}
