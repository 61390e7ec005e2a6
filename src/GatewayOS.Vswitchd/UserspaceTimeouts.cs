using GatewayOS.Connections;

namespace GatewayOS.Vswitchd;

/// <summary>How long the userspace datapath keeps connections without packets (ovs-vswitchd.conf.db(5) CT_Timeout_Policy); its defaults.</summary>
public sealed record UserspaceTimeouts
{
    public static UserspaceTimeouts Default { get; } = new();

    public TimeSpan UdpFirst { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan UdpSingle { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan UdpMultiple { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan IcmpFirst { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan IcmpReply { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan TcpEstablished { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan Shortest => new[] { UdpFirst, UdpSingle, UdpMultiple, IcmpFirst, IcmpReply, TcpEstablished }.Min();

    /// <summary>How long a connection is known after a packet; null if packets prolong nothing: TCP that nobody has answered does not become established by more of the same.</summary>
    public TimeSpan? After(Connection connection)
    {
        if (connection.Original.Protocol is TransportProtocol.Tcp)
        {
            return connection.Has(ConnectionStatus.SeenReply) ? TcpEstablished : null;
        }

        var (shortest, _, answered) = Of(connection.Original.Protocol);
        return connection.Has(ConnectionStatus.SeenReply) ? answered : shortest;
    }

    /// <summary>The shortest and the longest while nobody has answered, and that after an answer.</summary>
    internal (TimeSpan Shortest, TimeSpan Longest, TimeSpan Answered) Of(TransportProtocol protocol) =>
        protocol is TransportProtocol.Icmp or TransportProtocol.Icmpv6
            ? (IcmpFirst, IcmpFirst, IcmpReply)
            : (UdpFirst < UdpSingle ? UdpFirst : UdpSingle, UdpFirst > UdpSingle ? UdpFirst : UdpSingle, UdpMultiple);
}
