using System.Net;
using System.Text.Json;
using GatewayOS.Core;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Cli.Tests;

public sealed class ExplainCommandTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    private static readonly TestFrame s_inbound = new()
    {
        EthDst = MacAddress.Parse(RoutedNetwork.RouterOutside),
        EthSrc = MacAddress.Parse(RoutedNetwork.External),
        Vlan = 100,
        Src = IPAddress.Parse("172.16.0.100"),
        Dst = IPAddress.Parse("10.0.0.12"),
    };

    [Fact]
    public async Task A_forwarded_packet_leaves_as_in_replay_and_shows_the_flows_of_each_lookup()
    {
        var replayed = Assert.Single(await network.ReplayAsync(RoutedNetwork.Line("ext0", s_inbound)));
        var explained = await ExplainAsync("--in-port", "ext0", "--packet", Convert.ToHexString(s_inbound.ToBytes()));
        var verdict = explained.GetProperty("verdict");
        Assert.Equal("forward", Text(verdict, "verdict"));
        var (output, expected) = (Assert.Single(verdict.GetProperty("outputs").EnumerateArray()), replayed.GetProperty("outputs")[0]);
        Assert.Equal((Text(expected, "port"), Text(expected, "packet")), (Text(output, "port"), Text(output, "packet")));
        var flows = Hits(explained).SelectMany(lookup => lookup.GetProperty("flows").EnumerateArray()).ToList();
        Assert.Equal(
            replayed.GetProperty("flows").EnumerateArray().Select(flow => flow.GetGuid()), flows.Select(flow => flow.GetProperty("uuid").GetGuid()).Distinct());
        Assert.Contains(flows, flow => Text(flow, "stage") == "lr_in_ip_routing" && Text(flow, "match").Contains("10.0.0.0/24", StringComparison.Ordinal));
        Assert.Equal("ls_in_check_port_sec", Text(flows[0], "stage"));
        Assert.Contains(Hits(explained), lookup => lookup.GetProperty("edits").EnumerateArray().Any(edit => edit.GetString() == $"eth.dst = {RoutedNetwork.Vm2}"));
    }

    [Theory]
    [InlineData("src 172.16.0.100 dst 10.0.0.12 dport 80")]
    [InlineData("inport == \"ln\" && ip4.src == 172.16.0.100 && ip4.dst == 10.0.0.12 && tcp.dst == 80")]
    public async Task A_described_packet_is_completed_from_the_database(string flow)
    {
        var explained = await ExplainAsync("--flow", flow);
        Assert.Equal("ext0", Text(explained, "inPort"));
        Assert.StartsWith(
            $"eth {RoutedNetwork.External} > {RoutedNetwork.RouterOutside}, vlan 100, ip4 172.16.0.100 > 10.0.0.12, ttl 64, tcp 0 > 80 ack", Text(explained, "summary"), StringComparison.Ordinal);
        Assert.Equal("forward", Text(explained.GetProperty("verdict"), "verdict"));
        Assert.Contains(explained.GetProperty("remarks").EnumerateArray(), remark => remark.GetString()!.Contains(RoutedNetwork.RouterOutside, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("src 172.16.0.100 dst 172.16.0.50 proto udp dport 53", "ip4 172.16.0.100 > 10.0.0.11, ttl 63")]
    [InlineData("src 10.0.0.11 dst 172.16.0.100 proto udp dport 53", "ip4 172.16.0.50 > 172.16.0.100, ttl 63")]
    public async Task Without_conntrack_a_floating_IP_is_translated_from_the_first_packet_on(string flow, string leaving)
    {
        Assert.Equal("punt", Text((await ExplainAsync("--flow", flow)).GetProperty("verdict"), "verdict"));
        var output = Assert.Single((await ExplainAsync("--flow", flow, "--stateless-floating-ips")).GetProperty("verdict").GetProperty("outputs").EnumerateArray());
        Assert.Contains(leaving, Text(output, "summary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packet_of_a_vm_elsewhere_comes_by_the_tunnel_as_its_chassis_sends_it()
    {
        var explained = await ExplainAsync("--flow", "src 10.0.0.12 dst 172.16.0.100 proto udp sport 5 dport 53");
        Assert.Equal("uplink0", Text(explained, "inPort"));
        var expected = network.Tunnel("lr", "lr-ls0", "cr-lr-pub", toGateway: true);
        Assert.Contains($"Geneve vni {expected.Vni} ports {expected.InKey} -> {expected.OutKey}: ", Text(explained, "summary"), StringComparison.Ordinal);
        var output = Assert.Single(explained.GetProperty("verdict").GetProperty("outputs").EnumerateArray());
        Assert.Equal("ext0", Text(output, "port"));
        Assert.StartsWith(
            $"eth {RoutedNetwork.RouterOutside} > {RoutedNetwork.External}, vlan 100, ip4 10.0.0.12 > 172.16.0.100, ttl 63, udp 5 > 53", Text(output, "summary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_OVS_gets_names_the_flow_the_action_and_the_remedy()
    {
        var verdict = (await ExplainAsync("--flow", "src 172.16.0.100 dst 172.16.0.50 dport 80")).GetProperty("verdict");
        Assert.Equal("punt", Text(verdict, "verdict"));
        Assert.StartsWith("connection tracking", Text(verdict, "reason"), StringComparison.Ordinal);
        Assert.Contains("172.16.0.50", Text(verdict.GetProperty("flow"), "match"), StringComparison.Ordinal);
        Assert.Equal(Text(verdict.GetProperty("flow"), "actions"), Text(verdict, "detail"));
        Assert.Contains("--stateless", Text(verdict, "remedy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drop_names_the_ACL()
    {
        var verdict = (await ExplainAsync("--flow", "src 172.16.0.100 dst 10.0.0.12 proto udp dport 9")).GetProperty("verdict");
        Assert.Equal("drop", Text(verdict, "verdict"));
        Assert.Contains("udp.dst == 9", Text(verdict.GetProperty("flow"), "match"), StringComparison.Ordinal);
        Assert.Contains("acl", Text(verdict.GetProperty("flow"), "stage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_get_what_decides_and_everything_when_they_ask()
    {
        string[] packet = ["--flow", "src 172.16.0.100 dst 10.0.0.12 ttl 3"];
        var (_, low, _) = await RunAsync(packet);
        Assert.Contains("left to OVS, unmodified, because of a TTL or hop limit too low to pass the routers: ip.ttl 3, below 8\n", low, StringComparison.Ordinal);
        Assert.Contains("\n  what would change it: Send with a TTL", low, StringComparison.Ordinal);

        packet = ["--flow", "src 172.16.0.100 dst 10.0.0.12"];
        var (_, brief, _) = await RunAsync(packet);
        var (_, whole, _) = await RunAsync([.. packet, "--all"]);
        Assert.Contains("\nforward by uplink0: ", brief, StringComparison.Ordinal);
        Assert.Contains("  edit  ip.ttl -= 1\n", brief, StringComparison.Ordinal);
        Assert.Contains("that only pass it on\n", brief, StringComparison.Ordinal);
        Assert.DoesNotContain("match (1), actions (next;)", brief, StringComparison.Ordinal);
        Assert.Contains("match (1), actions (next;)", whole, StringComparison.Ordinal);
        Assert.Contains("  no entry\n", whole, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("give the packet either as octets (--packet HEX) or in words (--flow TEXT)")]
    [InlineData("octets come in by a port: add --in-port, one of uplink0, ext0", "--packet", "00")]
    [InlineData("there is no port 'x'; name one of uplink0, ext0", "--packet", "00", "--in-port", "x")]
    [InlineData("the packet is not hexadecimal", "--packet", "0g", "--in-port", "ext0")]
    [InlineData("there is no logical port 'x'", "--flow", "inport == \"x\" && ip4.src == 1.2.3.4 && ip4.dst == 1.2.3.5")]
    [InlineData("a packet from 'vm1' on hv1 does not come here: delivered to 'vm2'", "--flow", "src 10.0.0.11 dst 10.0.0.12")]
    [InlineData("error parsing flow: ", "--flow", "ip4.src == {1.2.3.4, 1.2.3.5}")]
    public async Task What_cannot_be_explained_is_said_in_one_line(string complaint, params string[] packet)
    {
        var (code, text, error) = await RunAsync(packet);
        Assert.Equal((1, ""), (code, text));
        Assert.StartsWith($"gatewayctl: {complaint}", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static IEnumerable<JsonElement> Hits(JsonElement explained) => explained.GetProperty("lookups").EnumerateArray().Where(lookup => lookup.GetProperty("isHit").GetBoolean());

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    private async Task<JsonElement> ExplainAsync(params string[] options)
    {
        var (code, text, error) = await RunAsync([.. options, "--json"]);
        Assert.Equal((0, ""), (code, error));
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandTree.RunAsync(
            ["explain", "--sb", network.Remote, "--chassis", "gw1", "--ports", network.PortsFile, .. options], () => Stream.Null, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
