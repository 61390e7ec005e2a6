using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Worlds;

/// <summary>Everything that a gateway of today's clouds does, once.</summary>
/// <remarks>
/// <code>
///  VLAN 100                                 untagged
///  public -- router-a, gateway (on gw1)     flat -- router-b
///              |         |                            |
///    routed nat guarded   join -- router-c       the tenant's networks again, with the same addresses
///    open lb                        |
///                                 behind
///
///  public -- router-d, gateway port on gw1 both ways
///              |
///             rack, with machines behind two VTEP switches, hv3 and tor
/// </code>
/// The first machine of a switch is on hv1, the second on hv2 (no checksums), the third on hv3 (VXLAN), and those of s_local on the chassis itself; the others are nowhere.
/// </remarks>
internal static class FixedWorld
{
    private static readonly string[] s_local = ["a-routed-4", "a-open-4", "a-open-5", "a-stateless-4", "b-stateless-4", "a-flood-4", "a-flood-5"];

    public static World World { get; } = Make();

    private static World Make()
    {
        var script = new NorthboundScript();
        script.ProviderSwitch("public", 100);
        script.ProviderSwitch("flat", null);
        var local = new List<string>();
        var remote = new List<RemotePort>();
        var learned = new List<LearnedNeighbor>();
        Tenant(script, local, remote, learned, 'a', 1, "public");
        Tenant(script, local, remote, learned, 'b', 2, "flat");
        GatewayRouter(script, local, remote, learned);
        VtepSwitches(script, local, remote, learned);
        return new World(
            "fixed", script.ToString(), local.ToEquatableArray(), remote.ToEquatableArray(), learned.ToEquatableArray(),
            [new RemoteChassis("hv1", 11), new RemoteChassis("hv2", 12, Csum: false), new RemoteChassis("hv3", 14, IsVxlan: true), new RemoteChassis("tor", 15, IsVxlan: true, IsVtep: true)],
            [
                "add Address_Set a_crowd addresses 172.16.0.202",
                "remove Address_Set a_crowd addresses 203.0.113.128/25",
                "set Address_Set b_others addresses=198.18.0.0/16,203.0.113.0/28,203.0.113.64/26,172.16.1.0/30,198.51.100.0/25",
                "clear Address_Set a_others addresses",
                "add Address_Set a_few addresses 172.16.0.0/24",
                "set Address_Set a_others addresses=203.0.113.0/24,172.16.0.200",
            ]);
    }

    private static void Tenant(NorthboundScript script, List<string> local, List<RemotePort> remote, List<LearnedNeighbor> learned, char letter, int number, string provider)
    {
        var router = $"router-{letter}";
        var (network4, network6) = ($"172.16.{number - 1}", $"2001:db8:f{number - 1}:");
        script.Add($"lr-add {router}");
        script.Join(router, provider, $"{network4}.1/24", $"{network6}:1/64");
        script.Add($"lrp-set-gateway-chassis {router}-{provider} gw1 20");
        Routes(script, router, network4, network6);
        foreach (var (host, mac) in new[] { (100, "02:ee:00:00:00:01"), (200, "02:ee:00:00:00:02"), (201, "02:ee:00:00:00:03") })
        {
            learned.Add(new LearnedNeighbor($"{router}-{provider}", $"{network4}.{host}", MacAddress.Parse(mac)));
        }

        learned.Add(new LearnedNeighbor($"{router}-{provider}", $"{network6}:100", MacAddress.Parse("02:ee:00:00:00:01")));
        script.Add($"static-mac-binding-add {router}-{provider} {network6}:200 02:ee:00:00:00:02");

        // The same networks for every tenant.
        Network("routed", 10, secured: true);
        Network("open", 11, secured: false);
        Network("guarded", 12, secured: true);
        Network("stateless", 13, secured: true);
        Network("nat", 14, secured: true);
        Network("lb", 15, secured: false);
        Network("flood", 16, secured: false);
        foreach (var i in new[] { 1, 2, 5 })
        {
            script.Add($"lsp-set-addresses {letter}-flood-{i} unknown");
        }

        script.Add($"lsp-set-addresses {letter}-open-2 unknown");
        script.Add($"lsp-add {letter}-open {letter}-open-inside {letter}-open-4 42");
        script.Add($"lsp-set-addresses {letter}-open-inside '02:00:00:0{number}:0b:2a 192.168.11.42 2001:db8:11::2a'");
        Moving(script, local, remote, letter);
        script.VtepPort($"{letter}-open", $"{letter}-open-vtep", "192.168.11.77", "2001:db8:11::77");
        remote.Add(new RemotePort($"{letter}-open-vtep", "hv3"));
        script.Add($"pg-add {letter}_guarded {letter}-guarded-1 {letter}-guarded-2");
        script.Add($"acl-add {letter}_guarded from-lport 1002 'inport == @{letter}_guarded && ip' allow-related");
        script.Add($"acl-add {letter}_guarded to-lport 1002 'outport == @{letter}_guarded && (icmp || udp || tcp.dst == 7000)' allow-related");
        script.Add($"acl-add {letter}_guarded to-lport 1001 'outport == @{letter}_guarded && ip' drop");
        script.Add($"create Address_Set name={letter}_friends addresses=172.16.0.100,172.16.1.100,203.0.113.128/25");
        var stateless = $"{letter}-stateless";
        script.Add($"acl-add {stateless} from-lport 1500 'inport == \"{stateless}-{router}\" && udp.dst == 53' drop");
        Sets(script, letter, stateless);
        script.Add($"acl-add {stateless} from-lport 1400 'ip4.src == ${letter}_friends && tcp' allow-stateless");
        script.Add($"acl-add {stateless} from-lport 1300 'tcp.dst >= 8000 && tcp.dst <= 8099' drop");
        script.Add($"acl-add {stateless} from-lport 1200 'ip6 && udp.src == 9' drop");
        script.Add($"acl-add {stateless} from-lport 1100 'ip.proto == 132 || ip.proto == 47' drop");
        script.Add($"acl-add {stateless} from-lport 1000 'ip' allow-stateless");
        script.Add($"acl-add {stateless} to-lport 1000 'ip' allow-stateless");
        script.Add($"lr-nat-add {router} snat {network4}.11 192.168.14.0/24");
        script.Add($"lr-nat-add {router} dnat_and_snat {network4}.12 192.168.14.11");
        script.Add($"--stateless lr-nat-add {router} dnat_and_snat {network4}.13 192.168.10.12");
        script.Add($"--stateless lr-nat-add {router} dnat_and_snat {network6}:13 2001:db8:10::12");
        script.Add($"lb-add {letter}-vip {network4}.50:80 192.168.15.11:8080,192.168.15.12:8080 tcp");
        script.Add($"lr-lb-add {router} {letter}-vip");
        script.Add($"lb-add {letter}-inside 192.168.15.50:53 192.168.15.11:53 udp");
        script.Add($"ls-lb-add {letter}-lb {letter}-inside");
        // Rates that nothing here exceeds: from a machine, to one, and two on one way.
        script.Add($"qos-add {letter}-routed from-lport 200 'inport == \"{letter}-routed-4\"' rate=10000000");
        script.Add($"qos-add {letter}-open to-lport 200 'outport == \"{letter}-open-4\" && ip4' rate=10000000 burst=2000000");
        script.Add($"qos-add {provider} from-lport 200 'ip4.dst == 192.168.11.0/24 && udp' rate=9000000 dscp=10");
        script.Add($"qos-add {stateless} to-lport 200 'outport == \"{stateless}-4\"' rate=10000000");
        script.Add($"lr-policy-add {router} 500 'ip4.src == 192.168.11.12 && ip4.dst == 203.0.113.0/24' drop");
        script.Add($"lr-policy-add {router} 400 'ip4.src == 192.168.11.0/28 && ip4.dst == 198.51.100.0/24' reroute {network4}.200");

        void Network(string name, int net, bool secured)
        {
            var @switch = $"{letter}-{name}";
            script.Add($"ls-add {@switch}");
            script.Join(router, @switch, $"192.168.{net}.1/24", $"2001:db8:{net}::1/64");
            for (var i = 1; i <= 5; i++)
            {
                script.Machine(@switch, $"{@switch}-{i}", secured, $"192.168.{net}.{10 + i}", $"2001:db8:{net}::{10 + i}");
                if (i <= 3)
                {
                    remote.Add(new RemotePort($"{@switch}-{i}", $"hv{i}"));
                }
                else if (s_local.Contains($"{@switch}-{i}"))
                {
                    local.Add($"{@switch}-{i}");
                }
            }
        }
    }

    // Machines that are being moved, between other chassis, away from here, and to here.
    private static void Moving(NorthboundScript script, List<string> local, List<RemotePort> remote, char letter)
    {
        foreach (var (i, main, additional) in new[] { (6, "hv1", "hv2"), (7, "gw1", "hv1"), (8, "hv2", "gw1") })
        {
            var name = $"{letter}-open-{i}";
            script.Machine($"{letter}-open", name, isSecured: false, $"192.168.11.{10 + i}", $"2001:db8:11::{10 + i}");
            script.Add($"lsp-set-options {name} requested-chassis={main},{additional}");
            if (main == "gw1" || additional == "gw1")
            {
                local.Add(name);
            }

            remote.AddRange(new[] { new RemotePort(name, main), new RemotePort(name, additional, IsAdditional: true) }.Where(port => port.Chassis != "gw1"));
        }
    }

    // Large enough to be class bits, one inside another and in part the same, asked for and against. What is asked against is small:
    // ovn-controller spells a complement out, with a flow for each bit of each prefix, multiplied.
    private static void Sets(NorthboundScript script, char letter, string stateless)
    {
        script.Add($"create Address_Set name={letter}_crowd addresses=172.16.0.100,172.16.1.100,203.0.113.128/25,203.0.113.130,198.51.100.7,198.18.0.0/15");
        script.Add($"create Address_Set name={letter}_others addresses=203.0.113.0/24,198.18.0.0/16,198.18.5.0/24,172.16.0.200,198.51.100.0/25");
        script.Add($"create Address_Set name={letter}_few addresses=203.0.113.0/25,198.18.0.0/15");
        script.Add($"create Address_Set name={letter}_six 'addresses=\"2001:db8:f0::100\",\"2001:db8:aaaa::/48\",\"2001:db8:aaaa:1::/64\",\"2001:db8:bbbb::7\",\"2001:db8:10::/64\"'");
        script.Add($"acl-add {stateless} from-lport 1490 'ip4.src == ${letter}_crowd && udp.dst == 5000' drop");
        script.Add($"acl-add {stateless} from-lport 1480 'ip4.src != ${letter}_few && tcp.dst == 5001' drop");
        script.Add($"acl-add {stateless} from-lport 1470 '(ip4.src == ${letter}_crowd || ip6.src == ${letter}_six) && ip4.src != 203.0.113.0/25 && icmp' drop");
        script.Add($"acl-add {stateless} from-lport 1460 'ip6.src != 2001:db8:aaaa::/48 && udp.dst == 5002' drop");
        script.Add($"acl-add {stateless} to-lport 1470 'ip4.dst != 192.168.13.0/28 && ip4.src == ${letter}_others && udp' drop");
    }

    private static void Routes(NorthboundScript script, string router, string network4, string network6)
    {
        script.Add($"lr-route-add {router} 0.0.0.0/0 {network4}.100");
        script.Add($"lr-route-add {router} 203.0.113.0/24 {network4}.200");
        script.Add($"lr-route-add {router} 203.0.113.128/25 {network4}.201");
        script.Add($"lr-route-add {router} 203.0.113.130/32 {network4}.202");
        script.Add($"lr-route-add {router} 203.0.113.64/26 discard");
        script.Add($"lr-route-add {router} 198.18.0.0/15 192.168.10.11");
        foreach (var host in new[] { 100, 200, 201 })
        {
            foreach (var prefix in new[] { "192.0.2.0/25", "192.0.2.128/26", "192.0.2.192/27", "198.51.96.0/22" })
            {
                script.Add($"--ecmp lr-route-add {router} {prefix} {network4}.{host}");
            }
        }
        script.Add($"--policy=src-ip lr-route-add {router} 192.168.11.11/32 {network4}.201");
        script.Add($"lr-route-add {router} ::/0 {network6}:100");
        script.Add($"lr-route-add {router} 2001:db8:aaaa::/48 {network6}:200");
        script.Add($"lr-route-add {router} 2001:db8:aaaa:1::/64 {network6}:100");
    }

    private static void GatewayRouter(NorthboundScript script, List<string> local, List<RemotePort> remote, List<LearnedNeighbor> learned)
    {
        script.Add("lr-add gateway");
        script.Add("set Logical_Router gateway options:chassis=gw1");
        script.Join("gateway", "public", "172.16.0.3/24", "2001:db8:f0::3/64");
        script.Add("ls-add join");
        script.Join("gateway", "join", "100.64.0.1/24", "2001:db8:64::1/64");
        script.Add("lr-add router-c");
        script.Join("router-c", "join", "100.64.0.2/24", "2001:db8:64::2/64");
        script.Add("ls-add behind");
        script.Join("router-c", "behind", "192.168.30.1/24", "2001:db8:30::1/64");
        for (var i = 1; i <= 4; i++)
        {
            script.Machine("behind", $"behind-{i}", isSecured: true, $"192.168.30.{10 + i}", $"2001:db8:30::{10 + i}");
            if (i <= 3)
            {
                remote.Add(new RemotePort($"behind-{i}", $"hv{i}"));
            }
        }

        local.Add("behind-4");

        script.Add("lr-route-add router-c 0.0.0.0/0 100.64.0.1");
        script.Add("lr-route-add router-c ::/0 2001:db8:64::1");
        script.Add("lr-route-add gateway 192.168.30.0/24 100.64.0.2");
        script.Add("lr-route-add gateway 2001:db8:30::/64 2001:db8:64::2");
        script.Add("lr-route-add gateway 0.0.0.0/0 172.16.0.100");
        script.Add("lr-route-add gateway ::/0 2001:db8:f0::100");
        learned.Add(new LearnedNeighbor("gateway-public", "172.16.0.100", MacAddress.Parse("02:ee:00:00:00:01")));
        learned.Add(new LearnedNeighbor("gateway-public", "2001:db8:f0::100", MacAddress.Parse("02:ee:00:00:00:01")));
    }

    // A gateway port on the side of a VTEP switch: OVN answers ARP for it, and what comes back from elsewhere goes through its chassis.
    private static void VtepSwitches(NorthboundScript script, List<string> local, List<RemotePort> remote, List<LearnedNeighbor> learned)
    {
        script.Add("lr-add router-d");
        script.Join("router-d", "public", "172.16.0.4/24", "2001:db8:f0::4/64");
        script.Add("lrp-set-gateway-chassis router-d-public gw1 20");
        script.Add("ls-add rack");
        script.Join("router-d", "rack", "192.168.40.1/24", "2001:db8:40::1/64");
        script.Add("lrp-set-gateway-chassis router-d-rack gw1 20");
        for (var i = 1; i <= 4; i++)
        {
            script.Machine("rack", $"rack-{i}", isSecured: i % 2 == 0, $"192.168.40.{10 + i}", $"2001:db8:40::{10 + i}");
        }

        local.AddRange("rack-3", "rack-4");
        remote.AddRange(new RemotePort("rack-1", "hv1"), new RemotePort("rack-2", "hv2"));
        script.Add("acl-add rack to-lport 1000 'outport == \"rack-3\" && udp.dst == 53' drop");
        foreach (var (i, chassis) in new[] { (1, "hv3"), (2, "tor") })
        {
            script.VtepPort("rack", $"rack-vtep{i}", $"192.168.40.8{i}", $"2001:db8:40::8{i}");
            remote.Add(new RemotePort($"rack-vtep{i}", chassis));
        }

        script.Add("lr-route-add router-d 0.0.0.0/0 172.16.0.100");
        script.Add("lr-route-add router-d ::/0 2001:db8:f0::100");
        learned.Add(new LearnedNeighbor("router-d-public", "172.16.0.100", MacAddress.Parse("02:ee:00:00:00:01")));
        learned.Add(new LearnedNeighbor("router-d-public", "2001:db8:f0::100", MacAddress.Parse("02:ee:00:00:00:01")));
    }
}
