using System.Net;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests;

/// <summary>Load balancers of every kind: one that leads a machine back to itself, with affinity, with SNAT forced or left out at a gateway router.</summary>
public sealed class LoadBalancerTests
{
    private const int Messages = 20;

    private static readonly string[] s_protocols = ["tcp", "udp"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Device.SoftSwitch)]
    [InlineData(Device.Bmv2)]
    public async Task Connections_by_load_balancers_of_every_kind_take_the_fast_path(Device device)
    {
        Requirement.Lab();
        if (device == Device.Bmv2)
        {
            Requirement.Bmv2Lab();
        }

        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology with { Northbound = DemoNetwork.Topology.Northbound + '\n' + Northbound }, device, Token);
        await lab.StartAgentsAsync(Token);
        var all = new AgentCounters(lab.FastPaths);
        await all.WaitUntilReadyAsync(Token);
        var traffic = new TrafficRunner(lab, all);
        // Addresses are resolved, those of the way back too.
        await traffic.WarmUpAsync(Flows("force_snat").Concat(Flows("affinity")).SelectMany(one => one.Flows).Select(flow => flow with { OtherServers = [.. flow.Servers] }), Token);
        // OVN 23.03 loses the first packet that makes an affinity, on a stock chassis too: of TCP that is a second.
        await Task.WhenAll(Flows("affinity").Select(kind => traffic.RunAsync(kind.Flows[0], kind.Protocol, 1, Token)));
        await all.WaitUntilReadyAsync(Token);
        var kinds = Flows("hairpin").Concat(Flows("hairpin_snat_ip")).Concat(Flows("affinity")).Concat(Flows("force_snat")).Concat(Flows("skip_snat")).ToList();
        var counts = await traffic.RunAsync(kinds, Messages, Token);
        Assert.Equal(kinds.Count, counts.Count);
        Assert.All(counts, count =>
        {
            var reasons = string.Join("; ", count.Devices!.Punts.Select(punt => $"{punt.Key} ({punt.Value})"));
            Assert.True(count is { IsComplete: true, Share: > 0.95 }, $"{count.Kind.Name}: {count.Ends}, {count.Devices.FastPath} on the fast path, {count.Devices.ThroughOvs} not; {reasons}");
        });
    }

    /// <summary>b3 reaches itself by 10.96.0.20, and as 10.96.1.21 by 10.96.0.21; two servers are behind 172.16.0.15 with affinity; c1 is behind 172.16.0.35, where it sees 100.64.0.1, and 172.16.0.36.</summary>
    private static string Northbound => string.Join('\n', s_protocols.SelectMany(protocol => new[]
    {
        Balancer("own", protocol, "10.96.0.20", "10.0.0.3"), Balancer("own", protocol, "fd00:96::20", "fd00:10::3"), $"ls-lb-add b-nat own-{protocol}",
        Balancer("answers", protocol, "10.96.0.21", "10.0.0.3"), Balancer("answers", protocol, "fd00:96::21", "fd00:10::3"), $"ls-lb-add b-nat answers-{protocol}",
        $"set Load_Balancer answers-{protocol} 'options:hairpin_snat_ip=\"10.96.1.21 fd00:96:1::21\"'",
        Balancer("sticky", protocol, "172.16.0.15", "10.0.0.3", "10.0.0.7"), Balancer("sticky", protocol, "2001:db8:f::15", "fd00:10::3", "fd00:10::7"), $"lr-lb-add router-a sticky-{protocol}",
        $"set Load_Balancer sticky-{protocol} options:affinity_timeout=60",
        Balancer("forced", protocol, "172.16.0.35", "192.168.30.11"), Balancer("forced", protocol, "2001:db8:f::35", "2001:db8:30::11"), $"lr-lb-add gateway forced-{protocol}",
        Balancer("skipped", protocol, "172.16.0.36", "192.168.30.11"), Balancer("skipped", protocol, "2001:db8:f::36", "2001:db8:30::11"), $"lr-lb-add gateway skipped-{protocol}",
        $"set Load_Balancer skipped-{protocol} options:skip_snat=true",
    }).Append("set Logical_Router gateway options:lb_force_snat_ip=router_ip"));

    private static string Balancer(string name, string protocol, string vip, params string[] servers) =>
        $"lb-add {name}-{protocol} {End(vip)} {string.Join(',', servers.Select(End))} {protocol}";

    private static string End(string address) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:7000" : $"{address}:7000";

    private static IEnumerable<TrafficKind> Flows(string path) =>
        from family in new[] { 4, 6 }
        from protocol in new[] { Protocol.Udp, Protocol.Tcp }
        select new TrafficKind(path, "to VIP", protocol, family, [Of(path, family)], Expected.Connections);

    private static Flow Of(string path, int family)
    {
        var (b3, ext) = (Machine("b3", family), DemoNetwork.Topology.External.Addresses[family == 4 ? 0 : 1].Address);
        Flow Inside(string seenAs, string vip) => new("b3", b3, Ip(seenAs), "b3", b3, Ip(vip));
        Flow ToC1(IPAddress seenAs, string vip) => new("ext", ext, seenAs, "c1", Machine("c1", family), Ip(vip));
        return (path, family) switch
        {
            ("hairpin", 4) => Inside("10.96.0.20", "10.96.0.20"),
            ("hairpin", _) => Inside("fd00:96::20", "fd00:96::20"),
            ("hairpin_snat_ip", 4) => Inside("10.96.1.21", "10.96.0.21"),
            ("hairpin_snat_ip", _) => Inside("fd00:96:1::21", "fd00:96::21"),
            ("affinity", _) => new Flow("ext", ext, ext, "a3", Machine("a3", family), Ip(family == 4 ? "172.16.0.15" : "2001:db8:f::15")) { OtherServers = [new FlowEnd("a7", Machine("a7", family))] },
            ("force_snat", 4) => ToC1(Ip("100.64.0.1"), "172.16.0.35"),
            ("force_snat", _) => ToC1(Ip("2001:db8:64::1"), "2001:db8:f::35"),
            ("skip_snat", 4) => ToC1(ext, "172.16.0.36"),
            _ => ToC1(ext, "2001:db8:f::36"),
        };
    }

    private static IPAddress Machine(string name, int family) => DemoNetwork.Topology.Machines.Single(machine => machine.Name == name).Addresses[family == 4 ? 0 : 1].Address;

    private static IPAddress Ip(string text) => IPAddress.Parse(text);
}
