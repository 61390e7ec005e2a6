using System.Net;
using GatewayOS.Core;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.Lab.Topologies;

/// <summary>The network of the demonstration: two tenants with overlapping addresses, and a third behind a gateway router.</summary>
/// <remarks>
/// <code>
///                     external host 172.16.0.100, 2001:db8:f::100, VLAN 100
///                                        |
///   public ----+----------------------- localnet, tag 100 (gw1, and hv1 for distributed floating IPs)
///              | .1                      | .2                              | .3
///         router-a (port on gw1)    router-b (port on gw1)            gateway (all on gw1)
///          |     |      |            |     |      |                        | 100.64.0.1
///      routed   nat   stateful   routed   nat   stateful                 join
///       .10/24 10.0.0/24 .11/24  .20/24 10.0.0/24 .21/24                   | 100.64.0.2
///                                                                     router-c --- routed .30/24
/// </code>
/// <para>routed: 192.168.N.0/24 and 2001:db8:N::/64, no NAT and no stateful ACL; machine 1 on hv1, 2 on hv2.</para>
/// <para>
/// nat: the same 10.0.0.0/24 and fd00:10::/64 twice. Outside, router N is 172.16.0.N1 and 2001:db8:f::N1 for all of it (SNAT); N2 is the floating IP of
/// machine 4, centralised; N3 that of machine 6, distributed: it goes in and out on hv1; N4 is a load balancer before machines 3 (hv1) and 7 (hv2).
/// In the switch of tenant b these are also behind 10.96.0.10 and fd00:96::10, for the machines there.
/// </para>
/// <para>stateful: machines 5 (hv2) and 8 (hv1) with allow-related ACLs, no SNAT. N8 is the floating IP of machine 8, stateless and distributed: addresses are rewritten between the ACLs' conntrack and the provider network.</para>
/// </remarks>
public static class DemoNetwork
{
    private const string ExternalName = "ext";
    private const string EastWest = "hv1 -> hv2";
    private const string WestEast = "hv2 -> hv1";
    private const string ClusterVip = "10.96.0.10";
    private const string ClusterVip6 = "fd00:96::10";
    private const int ProviderVlan = 100;

    /// <summary>Enough for each server of a load balancer to get some, most of the time.</summary>
    private const int ConnectionsToVip = 3;

    private static readonly Tenant[] s_tenants = [new('a', 1), new('b', 2)];

    public static Topology Topology { get; } = new(
        [
            new Chassis("hv1", 11) { HasDevice = true, HasProviderNetwork = true },
            new Chassis("hv2", 12) { HasDevice = true },
            new Chassis("gw1", 13, IsGateway: true),
        ],
        [.. s_tenants.SelectMany(tenant => tenant.Machines), RoutedMachine("c1", "hv2", 30, 3)],
        new ExternalHost(
            ExternalName,
            MacAddress.Parse("02:ee:00:00:00:01"),
            ProviderVlan,
            [HostAddress.Parse("172.16.0.100/24"), HostAddress.Parse("2001:db8:f::100/64")],
            [.. s_tenants.SelectMany(tenant => new[] { tenant.Number * 10, tenant.Number * 10 + 1 }.SelectMany(net => Routes(net, tenant.Number))), .. Routes(30, 3)]),
        string.Join('\n', [Provider, .. s_tenants.Select(tenant => tenant.Northbound), ClusterLoadBalancer, GatewayRouter]));

    /// <summary>What travels, row by row of the table that the demonstration prints.</summary>
    public static IReadOnlyList<TrafficKind> Traffic { get; } =
    [
        .. NorthSouth("routed", Expected.Everything, tenant => [.. Outward(tenant.Machine(1)), .. Outward(tenant.Machine(2))]),
        .. Kinds("gateway router", "VM -> ext", Expected.Everything, [.. Outward("c1")]),
        .. Kinds("gateway router", "ext -> VM", Expected.Everything, Reversed([.. Outward("c1")])),
        .. Kinds("switched", EastWest, Expected.Everything, ForTenants(tenant => Between(tenant.Machine(1), tenant.Machine(2)))),
        .. Kinds("SNAT", "VM -> ext", Expected.Connections, ForTenants(tenant => Outward(tenant.Machine(3), tenant.Public(1)))),
        .. NorthSouth("floating IP", Expected.Connections, tenant => Outward(tenant.Machine(4), tenant.Public(2))),
        .. NorthSouth("distributed floating IP", Expected.Connections, tenant => Outward(tenant.Machine(6), tenant.Public(3))),
        .. NorthSouth("stateless floating IP", Expected.Connections, tenant => Outward(tenant.Machine(8), tenant.Public(8))),
        .. Kinds("load balancer", "ext -> VIP", Expected.Connections, ForTenants(tenant => Balanced(ExternalName, tenant, tenant.Public(4)))),
        .. Kinds("load balancer", "VM -> VIP", Expected.Connections, [.. Balanced(s_tenants[1].Machine(4), s_tenants[1], [ClusterVip, ClusterVip6])]),
        .. NorthSouth("stateful ACL", Expected.Connections, tenant => Outward(tenant.Machine(5))),
        .. Kinds("stateful ACL, switched", EastWest, Expected.Connections, ForTenants(tenant => Between(tenant.Machine(8), tenant.Machine(5)))),
        .. Kinds("stateful ACL, switched", WestEast, Expected.Connections, ForTenants(tenant => Between(tenant.Machine(5), tenant.Machine(8)))),
    ];

    private const string Provider = $"""
        ls-add public
        lsp-add public public-net
        lsp-set-type public-net localnet
        lsp-set-addresses public-net unknown
        lsp-set-options public-net network_name={Topologies.Topology.PhysicalNetwork}
        set Logical_Switch_Port public-net tag_request=100
        """;

    private static string GatewayRouter => $"""
        lr-add router-c
        lr-add gateway
        set Logical_Router gateway options:chassis=gw1
        {Join("gateway", "public", 3, 0, "172.16.0.3/24", "2001:db8:f::3/64")}
        ls-add join
        {Join("gateway", "join", 3, 1, "100.64.0.1/24", "2001:db8:64::1/64")}
        {Join("router-c", "join", 3, 2, "100.64.0.2/24", "2001:db8:64::2/64")}
        ls-add c-routed
        {Join("router-c", "c-routed", 3, 3, "192.168.30.1/24", "2001:db8:30::1/64")}
        lr-route-add router-c 0.0.0.0/0 100.64.0.1
        lr-route-add router-c ::/0 2001:db8:64::1
        lr-route-add gateway 192.168.30.0/24 100.64.0.2
        lr-route-add gateway 2001:db8:30::/64 2001:db8:64::2
        lr-route-add gateway 0.0.0.0/0 172.16.0.100
        lr-route-add gateway ::/0 2001:db8:f::100
        {Port("c-routed", RoutedMachine("c1", "hv2", 30, 3))}
        """;

    private static string ClusterLoadBalancer => LoadBalancer("cluster", "ls-lb-add b-nat", [ClusterVip, ClusterVip6]);

    private static IEnumerable<TrafficKind> NorthSouth(string path, Expected expected, Func<Tenant, IEnumerable<Flow>> outward) =>
    [
        .. Kinds(path, "VM -> ext", expected, ForTenants(outward)),
        .. Kinds(path, "ext -> VM", expected, Reversed(ForTenants(outward))),
    ];

    private static IEnumerable<TrafficKind> Kinds(string path, string direction, Expected expected, IReadOnlyList<Flow> flows) =>
        from family in new[] { 4, 6 }
        let ofFamily = flows.Where(flow => flow.IsIPv6 == (family == 6)).ToEquatableArray()
        from protocol in Enum.GetValues<Protocol>()
        where protocol != Protocol.Ping || !ofFamily.Any(flow => flow.IsBalanced)
        select new TrafficKind(path, direction, protocol, family, ofFamily, expected);

    private static IReadOnlyList<Flow> ForTenants(Func<Tenant, IEnumerable<Flow>> flows) => [.. s_tenants.SelectMany(flows)];

    private static IReadOnlyList<Flow> Reversed(IReadOnlyList<Flow> flows) => [.. flows.Select(flow => flow.Reversed)];

    /// <summary>From a machine to the external host in both families, by the gateway chassis unless its floating IP is on its own.</summary>
    /// <param name="name">The machine.</param>
    /// <param name="seenAs">Its addresses outside; none without NAT.</param>
    private static IEnumerable<Flow> Outward(string name, params string[] seenAs)
    {
        var machine = Find(name);
        return machine.Addresses.Zip(Topology.External.Addresses, (own, far) => (Own: own.Address, Far: far.Address)).Select((pair, i) =>
            new Flow(name, pair.Own, seenAs.Length > 0 ? Ip(seenAs[i]) : pair.Own, ExternalName, pair.Far, pair.Far)
            {
                Via = Tenant.IsDistributed(name) ? [machine.Chassis] : [machine.Chassis, Topology.Gateway.Name],
            });
    }

    private static IEnumerable<Flow> Between(string client, string server)
    {
        var (one, two) = (Find(client), Find(server));
        return one.Addresses.Zip(two.Addresses, (from, to) => (From: from.Address, To: to.Address)).Select(pair =>
            new Flow(client, pair.From, pair.From, server, pair.To, pair.To) { Via = [one.Chassis, two.Chassis] });
    }

    /// <summary>From a node to the load balancer of a tenant, in both families.</summary>
    private static IEnumerable<Flow> Balanced(string client, Tenant tenant, string[] vips)
    {
        var addresses = client == ExternalName ? Topology.External.Addresses : Find(client).Addresses;
        return addresses.Zip(vips, (own, vip) => (Own: own.Address, Vip: Ip(vip))).SelectMany((pair, i) =>
        {
            FlowEnd[] servers = [.. tenant.Balanced.Select(name => new FlowEnd(name, Find(name).Addresses[i].Address))];
            var flow = new Flow(client, pair.Own, pair.Own, servers[0].Node, servers[0].Address, pair.Vip) { OtherServers = [.. servers[1..]] };
            return Enumerable.Repeat(flow, ConnectionsToVip);
        });
    }

    private static Machine Find(string name) => Topology.Machines.Single(machine => machine.Name == name);

    private static IPAddress Ip(string text) => IPAddress.Parse(text);

    private static IEnumerable<StaticRoute> Routes(int net, int router) =>
    [
        new(IPNetwork.Parse($"192.168.{net}.0/24"), Ip($"172.16.0.{router}")),
        new(IPNetwork.Parse($"2001:db8:{net}::/64"), Ip($"2001:db8:f::{router}")),
    ];

    private static Machine RoutedMachine(string name, string chassis, int net, int tenant) => new(
        name,
        chassis,
        MacAddress.Parse($"02:00:00:00:{tenant:x2}:0{name[^1]}"),
        [HostAddress.Parse($"192.168.{net}.{10 + (name[^1] - '0')}/24"), HostAddress.Parse($"2001:db8:{net}::{10 + (name[^1] - '0')}/64")],
        [Ip($"192.168.{net}.1"), Ip($"2001:db8:{net}::1")]);

    /// <summary>A router port and the switch port it is plugged into.</summary>
    private static string Join(string router, string @switch, int tenant, int port, params string[] addresses) => $"""
        lrp-add {router} {router}-{@switch} 02:aa:00:00:{tenant:x2}:{port:x2} {string.Join(' ', addresses)}
        lsp-add {@switch} {@switch}-{router}
        lsp-set-type {@switch}-{router} router
        lsp-set-addresses {@switch}-{router} router
        lsp-set-options {@switch}-{router} router-port={router}-{@switch}
        """;

    /// <summary>The port of a machine, with port security.</summary>
    private static string Port(string @switch, Machine machine)
    {
        var addresses = $"'{machine.Mac} {string.Join(' ', machine.Addresses.Select(address => address.Address))}'";
        return $"""
            lsp-add {@switch} {machine.Name}
            lsp-set-addresses {machine.Name} {addresses}
            lsp-set-port-security {machine.Name} {addresses}
            """;
    }

    /// <summary>A load balancer for UDP and one for TCP, before machines 3 and 7 of a nat switch.</summary>
    private static string LoadBalancer(string name, string attach, string[] vips) => string.Join('\n', new[] { "udp", "tcp" }.Select(protocol => $"""
        lb-add {name}-{protocol} {vips[0]}:7000 10.0.0.3:7000,10.0.0.7:7000 {protocol}
        lb-add {name}-{protocol} [{vips[1]}]:7000 [fd00:10::3]:7000,[fd00:10::7]:7000 {protocol}
        {attach} {name}-{protocol}
        """));

    private sealed record Tenant(char Letter, int Number)
    {
        public IEnumerable<Machine> Machines =>
        [
            RoutedMachine(Machine(1), "hv1", Number * 10, Number),
            RoutedMachine(Machine(2), "hv2", Number * 10, Number),
            Natted(3, "hv1"),
            Natted(4, "hv2"),
            RoutedMachine(Machine(5), "hv2", Number * 10 + 1, Number),
            Natted(6, "hv1"),
            Natted(7, "hv2"),
            RoutedMachine(Machine(8), "hv1", Number * 10 + 1, Number),
        ];

        /// <summary>The machines behind the load balancer.</summary>
        public string[] Balanced => [Machine(3), Machine(7)];

        /// <summary>Whether NAT of a machine is done where it runs.</summary>
        public static bool IsDistributed(string machine) => machine[^1] is '6' or '8';

        public string Northbound
        {
            get
            {
                var (router, machines) = ($"router-{Letter}", Machines.ToDictionary(machine => machine.Name[^1] - '0'));
                return $"""
                    lr-add {router}
                    {Join(router, "public", Number, 0, $"172.16.0.{Number}/24", $"2001:db8:f::{Number}/64")}
                    lrp-set-gateway-chassis {router}-public gw1 20
                    lr-route-add {router} 0.0.0.0/0 172.16.0.100
                    lr-route-add {router} ::/0 2001:db8:f::100
                    ls-add {Letter}-routed
                    {Join(router, $"{Letter}-routed", Number, 1, $"192.168.{Number}0.1/24", $"2001:db8:{Number}0::1/64")}
                    {Port($"{Letter}-routed", machines[1])}
                    {Port($"{Letter}-routed", machines[2])}
                    ls-add {Letter}-nat
                    {Join(router, $"{Letter}-nat", Number, 2, "10.0.0.1/24", "fd00:10::1/64")}
                    {string.Join('\n', new[] { 3, 4, 6, 7 }.Select(number => Port($"{Letter}-nat", machines[number])))}
                    lr-nat-add {router} snat {Public(1)[0]} 10.0.0.0/24
                    lr-nat-add {router} snat {Public(1)[1]} fd00:10::/64
                    lr-nat-add {router} dnat_and_snat {Public(2)[0]} 10.0.0.4
                    lr-nat-add {router} dnat_and_snat {Public(2)[1]} fd00:10::4
                    lr-nat-add {router} dnat_and_snat {Public(3)[0]} 10.0.0.6 {Machine(6)} 02:bb:00:00:{Number:x2}:06
                    lr-nat-add {router} dnat_and_snat {Public(3)[1]} fd00:10::6 {Machine(6)} 02:bb:00:00:{Number:x2}:06
                    {LoadBalancer($"vip-{Letter}", $"lr-lb-add {router}", Public(4))}
                    ls-add {Letter}-stateful
                    {Join(router, $"{Letter}-stateful", Number, 3, $"192.168.{Number}1.1/24", $"2001:db8:{Number}1::1/64")}
                    {Port($"{Letter}-stateful", machines[5])}
                    {Port($"{Letter}-stateful", machines[8])}
                    --stateless lr-nat-add {router} dnat_and_snat {Public(8)[0]} 192.168.{Number}1.18 {Machine(8)} 02:bb:00:00:{Number:x2}:08
                    --stateless lr-nat-add {router} dnat_and_snat {Public(8)[1]} 2001:db8:{Number}1::18 {Machine(8)} 02:bb:00:00:{Number:x2}:08
                    pg-add {Letter}_guarded {Machine(5)} {Machine(8)}
                    acl-add {Letter}_guarded from-lport 1002 'inport == @{Letter}_guarded && ip' allow-related
                    acl-add {Letter}_guarded to-lport 1002 'outport == @{Letter}_guarded && (icmp || udp || tcp.dst == 7000)' allow-related
                    acl-add {Letter}_guarded to-lport 1001 'outport == @{Letter}_guarded && ip' drop
                    """;
            }
        }

        public string Machine(int number) => $"{Letter}{number}";

        /// <summary>An address of the provider network that the router translates, in both families.</summary>
        public string[] Public(int number) => [$"172.16.0.{Number}{number}", $"2001:db8:f::{Number}{number}"];

        private Machine Natted(int number, string chassis) => new(
            Machine(number),
            chassis,
            MacAddress.Parse($"02:00:00:00:{Number:x2}:0{number}"),
            [HostAddress.Parse($"10.0.0.{number}/24"), HostAddress.Parse($"fd00:10::{number}/64")],
            [Ip("10.0.0.1"), Ip("fd00:10::1")]);
    }
}
