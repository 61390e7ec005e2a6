using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using GatewayOS.Core;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Cli.Tests;

public sealed class ReplayTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    private const ushort Vlan = 100;
    private const int OuterSourcePort = 14 + 20;

    private static readonly TestFrame s_inbound = new()
    {
        EthDst = MacAddress.Parse(RoutedNetwork.RouterOutside),
        EthSrc = MacAddress.Parse(RoutedNetwork.External),
        Vlan = Vlan,
        Src = IPAddress.Parse("172.16.0.100"),
        Dst = IPAddress.Parse("10.0.0.12"),
    };

    [Theory]
    [InlineData(TestFrame.Tcp)]
    [InlineData(TestFrame.Udp)]
    [InlineData(TestFrame.Icmp)]
    public async Task A_packet_from_the_provider_network_leaves_by_the_tunnel_to_its_vm(byte proto)
    {
        var answer = Assert.Single(await network.ReplayAsync(RoutedNetwork.Line("ext0", s_inbound with { Proto = proto })));
        Assert.Equal("forward", Text(answer, "verdict"));
        var output = Assert.Single(answer.GetProperty("outputs").EnumerateArray());
        Assert.Equal("uplink0", Text(output, "port"));
        var packet = Convert.FromHexString(Text(output, "packet"));
        var expected = s_inbound with
        {
            Proto = proto,
            Vlan = null,
            Ttl = 63,
            EthSrc = MacAddress.Parse(RoutedNetwork.RouterInside),
            EthDst = MacAddress.Parse(RoutedNetwork.Vm2),
            Tunnel = network.Tunnel("ls0", "ls0-lr", "vm2", toGateway: false) with
            {
                // OVS takes any; its choice depends on a hash.
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(OuterSourcePort)),
            },
        };
        Assert.Equal(Convert.ToHexStringLower(expected.ToBytes()), Convert.ToHexStringLower(packet));
    }

    [Fact]
    public async Task A_packet_of_a_vm_from_the_tunnel_leaves_by_the_provider_network_with_its_vlan()
    {
        var routed = new TestFrame
        {
            EthDst = MacAddress.Parse(RoutedNetwork.External),
            EthSrc = MacAddress.Parse(RoutedNetwork.RouterOutside),
            Ttl = 63,
            Src = IPAddress.Parse("10.0.0.12"),
            Dst = IPAddress.Parse("172.16.0.100"),
        };
        var tunnelled = routed with { Tunnel = network.Tunnel("lr", "lr-ls0", "cr-lr-pub", toGateway: true) };
        var answer = Assert.Single(await network.ReplayAsync(RoutedNetwork.Line("uplink0", tunnelled)));
        Assert.Equal("forward", Text(answer, "verdict"));
        var output = Assert.Single(answer.GetProperty("outputs").EnumerateArray());
        Assert.Equal("ext0", Text(output, "port"));
        Assert.Equal(Convert.ToHexStringLower((routed with { Vlan = Vlan }).ToBytes()), Text(output, "packet"));
    }

    [Fact]
    public async Task An_ARP_request_for_the_router_is_answered()
    {
        byte[] arp = [.. Convert.FromHexString("ffffffffffff" + "02ee00000001" + "81000064" + "0806" + "0001080006040001" + "02ee00000001" + "ac100064" + "000000000000" + "ac100001")];
        var answer = Assert.Single(await network.ReplayAsync(JsonSerializer.Serialize(new { port = "ext0", packet = Convert.ToHexString(arp) })));
        Assert.Equal("forward", Text(answer, "verdict"));
        var router = RoutedNetwork.RouterOutside.Replace(":", "", StringComparison.Ordinal);
        Assert.Equal(
            "02ee00000001" + router + "81000064" + "0806" + "0001080006040002" + router + "ac100001" + "02ee00000001" + "ac100064",
            Text(Assert.Single(answer.GetProperty("outputs").EnumerateArray()), "packet"));
    }

    [Fact]
    public async Task What_needs_software_is_punted_with_the_reason_and_without_outputs()
    {
        byte[] arp =
        [
            .. Convert.FromHexString("ffffffffffff" + "02ee00000001" + "81000064" + "0806" + "0001080006040002" + "02ee00000001" + "ac100064" + "02ee00000001" + "ac100064"),
        ];
        var answers = await network.ReplayAsync(
            JsonSerializer.Serialize(new { port = "ext0", packet = Convert.ToHexString(arp) }),
            RoutedNetwork.Line("ext0", s_inbound with { Dst = IPAddress.Parse("172.16.0.50") }),
            RoutedNetwork.Line("ext0", s_inbound with { Ttl = 1 }),
            RoutedNetwork.Line("ext0", s_inbound with { Vlan = 7 }));
        Assert.All(answers, answer => Assert.Equal("punt", Text(answer, "verdict")));
        Assert.All(answers, answer => Assert.Empty(answer.GetProperty("outputs").EnumerateArray()));
        Assert.Equal("a payload that is neither IP nor an ARP request", Text(answers[0], "reason"));
        Assert.StartsWith("connection tracking", Text(answers[1], "reason"), StringComparison.Ordinal);
        Assert.Equal("a TTL or hop limit too low to pass the routers", Text(answers[2], "reason"));
        Assert.Equal("a port, VLAN or tunnel key without an entry", Text(answers[3], "reason"));
    }

    [Fact]
    public async Task The_flows_of_an_answer_are_logical_flows_of_the_database()
    {
        var answer = Assert.Single(await network.ReplayAsync(RoutedNetwork.Line("ext0", s_inbound)));
        var flows = answer.GetProperty("flows").EnumerateArray().Select(flow => flow.GetGuid()).ToList();
        Assert.NotEmpty(flows);
        Assert.All(flows, flow => Assert.True(network.Southbound.LogicalFlows.ContainsKey(flow)));
        Assert.Contains(flows, flow => network.Southbound.LogicalFlows[flow].Match.Contains("10.0.0.0/24", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_that_is_no_packet_is_answered_by_an_error_and_the_next_is_read()
    {
        var answers = await network.ReplayAsync(
            "garbage", "{\"port\": \"nope\", \"packet\": \"00\"}", "{\"port\": \"ext0\"}", "{\"port\": \"ext0\", \"packet\": \"0x\"}", "[1]",
            "{\"port\": \"ext0\", \"packet\": \"\"}", RoutedNetwork.Line("ext0", s_inbound));
        Assert.Equal([1, 2, 3, 4, 5], answers.Take(5).Select(answer => answer.GetProperty("line").GetInt32()));
        Assert.All(answers.Take(5), answer => Assert.NotEqual("", Text(answer, "remedy")));
        Assert.Equal("there is no port 'nope'", Text(answers[1], "error"));
        Assert.Equal("name one of ext0, uplink0", Text(answers[1], "remedy"));
        Assert.Equal("punt", Text(answers[5], "verdict"));
        Assert.Equal("forward", Text(answers[6], "verdict"));
    }

    [Fact]
    public async Task Compile_prints_the_object_of_its_contract()
    {
        var output = new StringWriter();
        var code = await CommandTree.RunAsync(
            ["compile", "--sb", network.Remote, "--chassis", "gw1", "--json"], () => Stream.Null, output, TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(output.ToString());
        Assert.Equal(network.Southbound.LogicalFlows.Count, report.RootElement.GetProperty("logicalFlows").GetInt32());
        Assert.True(report.RootElement.GetProperty("states").GetInt32() > 0);
        Assert.True(report.RootElement.GetProperty("entryPoints").GetInt32() > 0);
        Assert.True(report.RootElement.GetProperty("entries").GetProperty("route4").GetInt32() > 0);
        Assert.Contains(report.RootElement.GetProperty("punts").EnumerateArray(), punt =>
            Text(punt, "reason").StartsWith("connection tracking", StringComparison.Ordinal) && punt.GetProperty("count").GetInt32() > 0);
        var seconds = report.RootElement.GetProperty("seconds");
        Assert.True(seconds.GetProperty("parse").GetDouble() + seconds.GetProperty("compile").GetDouble() <= seconds.GetProperty("total").GetDouble());
        Assert.True(report.RootElement.GetProperty("peakRssKiB").GetInt64() > 1024);
    }

    [Fact]
    public async Task An_unknown_chassis_is_an_error_that_names_the_known_ones()
    {
        var error = new StringWriter();
        var code = await CommandTree.RunAsync(
            ["compile", "--sb", network.Remote, "--chassis", "gw9"], () => Stream.Null, TextWriter.Null, error, TestContext.Current.CancellationToken);
        Assert.Equal(1, code);
        Assert.Equal("gatewayctl: there is no chassis 'gw9'; the database has gw1, hv1\n", error.ToString());
    }

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;
}
