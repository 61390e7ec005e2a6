using GatewayOS.Connections;
using GatewayOS.Control.Tracking;
using Xunit;

namespace GatewayOS.Control.Tests.Tracking;

public sealed class KernelTimeoutsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gatewayos-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(TransportProtocol.Tcp, true, 1)]
    [InlineData(TransportProtocol.Tcp, false, null)]
    [InlineData(TransportProtocol.Udp, false, 2)]
    [InlineData(TransportProtocol.Udp, true, 3)]
    [InlineData(TransportProtocol.Icmp, true, 4)]
    [InlineData(TransportProtocol.Icmpv6, false, 5)]
    public void A_packet_prolongs_by_what_is_set(TransportProtocol protocol, bool isAnswered, int? seconds)
    {
        Set("1", "2\n", "3", "4", "5");
        var tuple = new ConnectionTuple(false, protocol, 1, 2, 3, 4);
        var connection = new Connection(0, tuple, tuple.Reversed) { Status = isAnswered ? ConnectionStatus.SeenReply : default };
        Assert.Equal(seconds is { } some ? TimeSpan.FromSeconds(some) : null, KernelTimeouts.Read(_folder.FullName).Of(connection));
    }

    [Fact]
    public void What_is_no_time_is_named()
    {
        Set("1", "soon", "3", "4", "5");
        Assert.Equal("nf_conntrack_udp_timeout is 'soon', not a number of seconds", Assert.Throws<FormatException>(() => KernelTimeouts.Read(_folder.FullName)).Message);
        File.Delete(Path.Combine(_folder.FullName, "nf_conntrack_tcp_timeout_established"));
        Assert.Throws<FileNotFoundException>(() => KernelTimeouts.Read(_folder.FullName));
    }

    [Fact]
    public void Connections_have_to_be_looked_at_twice_in_a_timeout()
    {
        Set("7200", "21", "180", "30", "30");
        var shortest = KernelTimeouts.Read(_folder.FullName).Shortest;
        new OffloadOptions().AssertKeptAlive(shortest);
        var failure = Assert.Throws<FormatException>(() => new OffloadOptions { KeepAlive = TimeSpan.FromSeconds(11) }.AssertKeptAlive(shortest));
        Assert.Contains("after 21 s", failure.Message, StringComparison.Ordinal);
    }

    private void Set(params string[] values)
    {
        foreach (var (name, value) in new[] { "tcp_timeout_established", "udp_timeout", "udp_timeout_stream", "icmp_timeout", "icmpv6_timeout" }.Zip(values))
        {
            File.WriteAllText(Path.Combine(_folder.FullName, $"nf_conntrack_{name}"), value);
        }
    }
}
