using GatewayOS.Explain.Packets;

namespace GatewayOS.Explain.Tests;

public sealed class ShortFormTests
{
    [Theory]
    [InlineData("src 10.0.0.1 dst 10.0.0.2", "ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64 && icmp4 && icmp4.type == 8")]
    [InlineData("src 10.0.0.1 dst 10.0.0.2 dport 80", "ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64 && tcp && tcp.dst == 80")]
    [InlineData(
        "in vm1 src fd00::1 dst fd00::2 proto udp sport 5 dport 53 ttl 9",
        "inport == \"vm1\" && ip6.src == fd00::1 && ip6.dst == fd00::2 && ip.ttl == 9 && udp && udp.src == 5 && udp.dst == 53")]
    [InlineData(
        "src 10.0.0.1 dst 10.0.0.2 proto 47 vlan 7 dscp 46 eth.dst 02:00:00:00:00:01",
        "eth.dst == 02:00:00:00:00:01 && vlan.vid == 7 && ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64 && ip.dscp == 46 && ip.proto == 47")]
    public void It_stands_for_a_microflow(string text, string microflow)
    {
        Assert.True(ShortForm.IsLike(text));
        Assert.Equal(microflow, ShortForm.ToMicroflow(text));
    }

    [Theory]
    [InlineData("inport == \"vm1\" && ip4")]
    [InlineData("ip4.src == 10.0.0.1")]
    [InlineData("tcp")]
    public void A_microflow_is_not_like_it(string text) => Assert.False(ShortForm.IsLike(text));

    [Theory]
    [InlineData("src 10.0.0.1", "src and dst have to be addresses of one family")]
    [InlineData("src 10.0.0.1 dst fd00::1", "src and dst have to be addresses of one family")]
    [InlineData("src 10.0.0.1 dst 10.0.0.2 port 5", "'port' is unknown")]
    [InlineData("src 10.0.0.1 dst", "'dst' is unknown, given twice or without a value")]
    [InlineData("src 10.0.0.1 dst 10.0.0.2 proto icmp dport 5", "protocol 'icmp' has no ports")]
    public void What_is_wrong_is_said_with_the_syntax(string text, string complaint) =>
        Assert.StartsWith(complaint, Assert.Throws<ExplainException>(() => ShortForm.ToMicroflow(text)).Message, StringComparison.Ordinal);
}
