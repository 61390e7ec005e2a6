using System.Globalization;
using GatewayOS.Connections;

namespace GatewayOS.Control.Tracking;

/// <summary>How long the kernel's tracker knows a connection after a packet, in this network namespace.</summary>
/// <param name="TcpEstablished">TCP that both ends have sent in.</param>
/// <param name="Udp">UDP that nobody has answered.</param>
/// <param name="UdpStream">UDP that was answered.</param>
/// <param name="Icmp">ICMP echo.</param>
/// <param name="Icmpv6">ICMPv6 echo.</param>
/// <remarks>nf_conntrack-sysctl.txt of the kernel's documentation.</remarks>
public sealed record KernelTimeouts(TimeSpan TcpEstablished, TimeSpan Udp, TimeSpan UdpStream, TimeSpan Icmp, TimeSpan Icmpv6)
{
    public TimeSpan Shortest => new[] { TcpEstablished, Udp, UdpStream, Icmp, Icmpv6 }.Min();

    /// <param name="folder">Where the settings are, one a file.</param>
    /// <exception cref="IOException">One is missing: the kernel has no tracker.</exception>
    /// <exception cref="FormatException">One is no number of seconds.</exception>
    public static KernelTimeouts Read(string folder = "/proc/sys/net/netfilter")
    {
        TimeSpan Of(string name)
        {
            var text = File.ReadAllText(Path.Combine(folder, $"nf_conntrack_{name}")).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : throw new FormatException($"nf_conntrack_{name} is '{text}', not a number of seconds");
        }

        return new KernelTimeouts(Of("tcp_timeout_established"), Of("udp_timeout"), Of("udp_timeout_stream"), Of("icmp_timeout"), Of("icmpv6_timeout"));
    }

    /// <returns>Null if packets prolong nothing: TCP that only one direction is seen of is invalid.</returns>
    public TimeSpan? Of(Connection connection) => (connection.Original.Protocol, connection.Has(ConnectionStatus.SeenReply)) switch
    {
        (TransportProtocol.Tcp, true) => TcpEstablished,
        (TransportProtocol.Udp, true) => UdpStream,
        (TransportProtocol.Udp, false) => Udp,
        (TransportProtocol.Icmp, _) => Icmp,
        (TransportProtocol.Icmpv6, _) => Icmpv6,
        _ => null,
    };
}
