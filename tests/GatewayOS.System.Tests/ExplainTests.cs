using System.Buffers.Binary;
using System.Text.Json;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;
using GatewayOS.Linux.Packets;

namespace GatewayOS.System.Tests;

/// <summary>A running agent explains packets, and counts them, as they really fare.</summary>
public sealed class ExplainTests
{
    private const int Packets = 7;

    // Outer Ethernet, IPv4, UDP, and Geneve with OVN's option.
    private const int TunnelHeaders = 14 + 20 + 8 + 16;

    // Echo replies that nobody asked for: nobody answers them, so that only what the test sends is counted.
    private const string Routed = "ip4.src == 172.16.0.100 && ip4.dst == 192.168.10.11 && icmp4.type == 0";
    // Two routers are on the provider network; the address is a floating IP of router-a.
    private const string Translated = "ip4.src == 172.16.0.100 && ip4.dst == 172.16.0.12 && icmp4.type == 0 && eth.dst == 02:aa:00:00:01:00";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explanations_and_counters_agree_with_the_packets_of_a_real_network()
    {
        Requirement.Lab();
        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology.WithStockHypervisors, Device.SoftSwitch, Token);
        await lab.Gateway.StartAgentAsync(Token);
        await new AgentCounters(lab).WaitUntilReadyAsync(Token);
        var kinds = DemoNetwork.Traffic.Where(kind => kind is { Protocol: Protocol.Udp, Family: 4, Direction: "ext -> VM", Path: "routed" or "floating IP" });
        await new TrafficRunner(lab).WarmUpAsync(kinds.Select(kind => kind.Flows[0]), Token);
        await new AgentCounters(lab).WaitUntilReadyAsync(Token);

        // Forwarded: what the explanation sends by the tunnel is what the machine gets.
        var explained = await AskAsync(lab, "explain", "--flow", Routed);
        Assert.Equal("forward", Text(explained.GetProperty("verdict"), "verdict"));
        var tunnelled = Convert.FromHexString(Text(Assert.Single(explained.GetProperty("verdict").GetProperty("outputs").EnumerateArray()), "packet"));
        var before = await CountsAsync(lab);
        var received = await ReceiveAsync(lab, Untagged(explained), "a1");
        Assert.Equal(Packets, received.Count);
        Assert.All(received, frame => Assert.Equal(Convert.ToHexStringLower(tunnelled[TunnelHeaders..]), Convert.ToHexStringLower(frame)));

        // Counted: each flow of the explanation once a packet.
        var after = await CountsAsync(lab);
        var flows = explained.GetProperty("lookups").EnumerateArray().SelectMany(lookup => lookup.GetProperty("flows").EnumerateArray())
            .CountBy(flow => flow.GetProperty("uuid").GetGuid()).ToList();
        Assert.NotEmpty(flows);
        Assert.All(flows, flow => Assert.Equal(Packets * flow.Value, after[flow.Key] - before.GetValueOrDefault(flow.Key)));

        // Left to OVS: the reason and the flow of the explanation are those that count.
        explained = await AskAsync(lab, "explain", "--flow", Translated);
        var verdict = explained.GetProperty("verdict");
        Assert.Equal("punt", Text(verdict, "verdict"));
        var (earlier, earlierCause) = await PuntsAsync(lab, verdict);
        Send(lab, Untagged(explained));
        var (later, laterCause) = (earlier, earlierCause);
        await Poll.UntilAsync(
            async () =>
            {
                (later, laterCause) = await PuntsAsync(lab, verdict);
                return later - earlier >= Packets;
            },
            $"{Packets} packets to be left to OVS", s_patience, Token);
        Assert.Equal((Packets, Packets), (later - earlier, laterCause - earlierCause));

        // The other way: what a machine sends comes from its chassis, and leaves on the provider's VLAN.
        explained = await AskAsync(lab, "explain", "--flow", "src 192.168.10.11 dst 172.16.0.100");
        Assert.Contains(explained.GetProperty("remarks").EnumerateArray(), remark => remark.GetString()!.StartsWith("hv1 sends it here by Geneve", StringComparison.Ordinal));
        Assert.Contains(", vlan 100, ip4 192.168.10.11 > 172.16.0.100, ttl 63", Text(explained.GetProperty("verdict").GetProperty("outputs")[0], "summary"), StringComparison.Ordinal);

        // Counts stay when what was counted changes: another route gives other entries.
        before = await CountsAsync(lab);
        await lab.NorthboundAsync("lr-route-add router-a 198.51.100.0/24 172.16.0.100", Token);
        await new AgentCounters(lab).WaitUntilReadyAsync(Token);
        after = await CountsAsync(lab);
        Assert.All(flows.Where(flow => after.ContainsKey(flow.Key)), flow => Assert.True(after[flow.Key] >= before[flow.Key]));
        Assert.Contains(flows, flow => after.ContainsKey(flow.Key));
    }

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    // The switch of the provider network puts the tag on and takes it off.
    private static byte[] Untagged(JsonElement explained)
    {
        var frame = Convert.FromHexString(Text(explained, "packet"));
        Assert.Equal(0x8100, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)));
        return [.. frame[..12], .. frame[16..]];
    }

    private static async Task<JsonElement> AskAsync(LabNetwork lab, string command, params string[] options)
    {
        var answer = await lab.RunAsync(
            lab.Topology.Gateway.Name, Programs.PathOf("gatewayctl"), [command, "--json", "--config", lab.Gateway.ConfigurationFile, .. options], Token);
        return JsonDocument.Parse(answer).RootElement;
    }

    private static async Task<Dictionary<Guid, long>> CountsAsync(LabNetwork lab) => (await AskAsync(lab, "lflow-stats")).EnumerateArray()
        .ToDictionary(count => count.GetProperty("flow").GetProperty("uuid").GetGuid(), count => count.GetProperty("packets").GetInt64());

    private static async Task<(long Reason, long Cause)> PuntsAsync(LabNetwork lab, JsonElement verdict)
    {
        var punt = (await AskAsync(lab, "punts")).EnumerateArray().Single(punt => Text(punt, "reason") == Text(verdict, "reason"));
        var flow = verdict.GetProperty("flow").GetProperty("uuid").GetGuid();
        var causes = punt.GetProperty("causes").EnumerateArray()
            .Where(cause => cause.GetProperty("flow") is { ValueKind: JsonValueKind.Object } named && named.GetProperty("uuid").GetGuid() == flow);
        return (punt.GetProperty("packets").GetInt64(), causes.Sum(cause => cause.GetProperty("packets").GetInt64()));
    }

    private static void Send(LabNetwork lab, byte[] frame)
    {
        using var sender = lab.Inside(lab.Topology.External.Name, () => PacketSocket.Open("eth0"));
        for (var i = 0; i < Packets; i++)
        {
            sender.Send(frame);
        }

        sender.Flush();
    }

    /// <summary>Sends the frame from the external host, and collects the echo replies that come to the machine.</summary>
    private static async Task<IReadOnlyList<byte[]>> ReceiveAsync(LabNetwork lab, byte[] frame, string machine)
    {
        const int protocol = 23, type = 34;
        using var receiver = lab.Inside(machine, () => PacketSocket.Open("eth0"));
        Send(lab, frame);
        var received = new List<byte[]>();
        await Poll.UntilAsync(
            () =>
            {
                while (receiver.Receive(found =>
                {
                    if (found.Length > type && found[protocol] == 1 && found[type] == 0)
                    {
                        received.Add(found.ToArray());
                    }
                }) > 0)
                {
                    // Until there is no more for now.
                }

                return Task.FromResult(received.Count >= Packets);
            },
            $"{Packets} packets to come to {machine}", s_patience, Token);
        return received;
    }
}
