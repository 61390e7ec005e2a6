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

    /// <summary>The shortest and the longest while nobody has answered, and that after an answer.</summary>
    internal (TimeSpan Shortest, TimeSpan Longest, TimeSpan Answered) Of(TransportProtocol protocol) =>
        protocol is TransportProtocol.Icmp or TransportProtocol.Icmpv6
            ? (IcmpFirst, IcmpFirst, IcmpReply)
            : (UdpFirst < UdpSingle ? UdpFirst : UdpSingle, UdpFirst > UdpSingle ? UdpFirst : UdpSingle, UdpMultiple);
}
