using System.Runtime.InteropServices;

namespace GatewayOS.Connections.Tracking;

/// <summary>A connection in 128 octets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConnectionRecord
{
    public UInt128 OriginalSource;
    public UInt128 OriginalDestination;
    public UInt128 ReplySource;
    public UInt128 ReplyDestination;
    public UInt128 Labels;
    public uint Mark;
    public ConnectionStatus Status;
    public uint Id;

    /// <summary>The dump that listed it last; in a free record the number of the next free one.</summary>
    public int Dump;
    public ushort OriginalSourcePort;
    public ushort OriginalDestinationPort;
    public ushort ReplySourcePort;
    public ushort ReplyDestinationPort;
    public ushort Zone;

    /// <summary><see cref="TransportProtocol.None"/> marks a free record.</summary>
    public TransportProtocol Protocol;
    public bool IsIpv6;
    public TcpTracking Tcp;
    public SctpState Sctp;

    public static ConnectionRecord From(Connection connection, int dump) => new()
    {
        OriginalSource = connection.Original.Source,
        OriginalDestination = connection.Original.Destination,
        OriginalSourcePort = connection.Original.SourcePort,
        OriginalDestinationPort = connection.Original.DestinationPort,
        ReplySource = connection.Reply.Source,
        ReplyDestination = connection.Reply.Destination,
        ReplySourcePort = connection.Reply.SourcePort,
        ReplyDestinationPort = connection.Reply.DestinationPort,
        Zone = connection.Zone,
        Protocol = connection.Original.Protocol,
        IsIpv6 = connection.Original.IsIpv6,
        Status = connection.Status,
        Mark = connection.Mark,
        Labels = connection.Labels,
        Id = connection.Id,
        Tcp = connection.Tcp ?? default,
        Sctp = connection.Sctp ?? default,
        Dump = dump,
    };

    public readonly ConnectionTuple Original =>
        new(IsIpv6, Protocol, OriginalSource, OriginalDestination, OriginalSourcePort, OriginalDestinationPort);

    public readonly ConnectionTuple Reply => new(IsIpv6, Protocol, ReplySource, ReplyDestination, ReplySourcePort, ReplyDestinationPort);

    public readonly ConnectionTuple Tuple(ConnectionDirection direction) => direction == ConnectionDirection.Original ? Original : Reply;

    public readonly Connection ToConnection() => new(Zone, Original, Reply)
    {
        Status = Status,
        Mark = Mark,
        Labels = Labels,
        Id = Id,
        Tcp = Protocol == TransportProtocol.Tcp ? Tcp : null,
        Sctp = Protocol == TransportProtocol.Sctp ? Sctp : null,
    };
}
