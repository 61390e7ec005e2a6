using System.Net;
using GatewayOS.Core;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.Lab.Topologies;

/// <summary>The network of the demonstration: two tenants with overlapping addresses, and a third behind a gateway router.</summary>
/// <remarks>
/// <code>
///                     external host 172.16.0.100, 2001:db8:f::100, VLAN 100
///                                        |
///   public ----+----------------------- localnet, tag 100 -----------------+
///              | .1                      | .2                              | .3
///         router-a (port on gw1)    router-b (port on gw1)            gateway (all on gw1)
///          |     |      |            |     |      |                        | 100.64.0.1
///      routed   nat   stateful   routed   nat   stateful                 join
///       .10/24 10.0.0/24 .11/24  .20/24 10.0.0/24 .21/24                   | 100.64.0.2
///                                                                     router-c --- routed .30/24
/// </code>
/// routed: 192.168.N.0/24 and 2001:db8:N::/64, no NAT and no stateful ACL. nat: the same 10.0.0.0/24 twice; one machine by SNAT, one
/// with a floating IP. stateful: allow-related ACLs, no NAT.
/// </remarks>
public static class DemoNetwork
{
    private const string ExternalName = "ext";
    private const string RoutedPath = "routed";
    private const string GatewayRouterPath = "gateway router";
    private const int ProviderVlan = 100;

    private static readonly Tenant[] s_tenants = [new('a', 1), new('b', 2)];

    public static Topology Topology { get; } = new(
        [new Chassis("hv1", 11), new Chassis("hv2", 12), new Chassis("gw1", 13, IsGateway: true)],
        [.. s_tenants.SelectMany(tenant => tenant.Machines), RoutedMachine("c1", "hv2", 30, 3)],
        new ExternalHost(
            ExternalName,
            MacAddress.Parse("02:ee:00:00:00:01"),
            ProviderVlan,
            [HostAddress.Parse("172.16.0.100/24"), HostAddress.Parse("2001:db8:f::100/64")],
            [.. s_tenants.SelectMany(tenant => new[] { tenant.Number * 10, tenant.Number * 10 + 1 }.SelectMany(net => Routes(net, tenant.Number))), .. Routes(30, 3)]),
        string.Join('\n', [Provider, .. s_tenants.Select(tenant => tenant.Northbound), GatewayRouter]));

    /// <summary>What travels, row by row of the table that the demonstration prints.</summary>
    public static IReadOnlyList<TrafficKind> Traffic { get; } =
    [
        .. Rows(RoutedPath, tenant => Routed(tenant.Machine(1), tenant.Number * 10, 1, tenant.Machine(2), 2)),
        .. Kinds(GatewayRouterPath, "VM -> ext", [.. Outward("c1", 30, 1)]),
        .. Kinds(GatewayRouterPath, "ext -> VM", [.. Outward("c1", 30, 1).Select(flow => flow.Reversed)]),
        .. Kinds("SNAT", "VM -> ext", [.. s_tenants.Select(tenant => Flow(tenant.Machine(3), "10.0.0.3", $"172.16.0.{tenant.Number}1"))]),
        .. Kinds("floating IP", "VM -> ext", [.. s_tenants.Select(tenant => Flow(tenant.Machine(4), "10.0.0.4", $"172.16.0.{tenant.Number}2"))]),
        .. Kinds("floating IP", "ext -> VM", [.. s_tenants.Select(tenant => Flow(tenant.Machine(4), "10.0.0.4", $"172.16.0.{tenant.Number}2").Reversed)]),
        .. Rows("stateful ACL", tenant => Outward(tenant.Machine(5), tenant.Number * 10 + 1, 5)),
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

    private static IEnumerable<TrafficKind> Rows(string path, Func<Tenant, IEnumerable<Flow>> flows) =>
    [
        .. Kinds(path, "VM -> ext", [.. s_tenants.SelectMany(flows)]),
        .. Kinds(path, "ext -> VM", [.. s_tenants.SelectMany(flows).Select(flow => flow.Reversed)]),
    ];

    private static IEnumerable<TrafficKind> Kinds(string path, string direction, IReadOnlyList<Flow> flows) =>
        from family in new[] { 4, 6 }
        let ofFamily = flows.Where(flow => flow.IsIPv6 == (family == 6)).ToEquatableArray()
        where ofFamily.Count > 0
        from protocol in new[] { Protocol.Ping, Protocol.Udp, Protocol.Tcp }
        select new TrafficKind(path, direction, protocol, family, ofFamily, path is RoutedPath or GatewayRouterPath);

    private static IEnumerable<Flow> Routed(string one, int net, int oneNumber, string two, int twoNumber) =>
        [.. Outward(one, net, oneNumber), .. Outward(two, net, twoNumber)];

    private static IEnumerable<Flow> Outward(string machine, int net, int number) =>
    [
        Flow(machine, $"192.168.{net}.{10 + number}", $"192.168.{net}.{10 + number}"),
        new(machine, Ip($"2001:db8:{net}::{10 + number}"), Ip($"2001:db8:{net}::{10 + number}"), ExternalName, Ip("2001:db8:f::100"), Ip("2001:db8:f::100")),
    ];

    private static Flow Flow(string machine, string address, string seenAs) =>
        new(machine, Ip(address), Ip(seenAs), ExternalName, Ip("172.16.0.100"), Ip("172.16.0.100"));

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

    private sealed record Tenant(char Letter, int Number)
    {
        public IEnumerable<Machine> Machines =>
        [
            RoutedMachine(Machine(1), "hv1", Number * 10, Number),
            RoutedMachine(Machine(2), "hv2", Number * 10, Number),
            Natted(3, "hv1"),
            Natted(4, "hv2"),
            RoutedMachine(Machine(5), "hv2", Number * 10 + 1, Number),
        ];

        public string Northbound
        {
            get
            {
                var (router, machines) = ($"router-{Letter}", Machines.ToArray());
                return $"""
                    lr-add {router}
                    {Join(router, "public", Number, 0, $"172.16.0.{Number}/24", $"2001:db8:f::{Number}/64")}
                    lrp-set-gateway-chassis {router}-public gw1 20
                    lr-route-add {router} 0.0.0.0/0 172.16.0.100
                    lr-route-add {router} ::/0 2001:db8:f::100
                    ls-add {Letter}-routed
                    {Join(router, $"{Letter}-routed", Number, 1, $"192.168.{Number}0.1/24", $"2001:db8:{Number}0::1/64")}
                    {Port($"{Letter}-routed", machines[0])}
                    {Port($"{Letter}-routed", machines[1])}
                    ls-add {Letter}-nat
                    {Join(router, $"{Letter}-nat", Number, 2, "10.0.0.1/24")}
                    {Port($"{Letter}-nat", machines[2])}
                    {Port($"{Letter}-nat", machines[3])}
                    lr-nat-add {router} snat 172.16.0.{Number}1 10.0.0.0/24
                    lr-nat-add {router} dnat_and_snat 172.16.0.{Number}2 10.0.0.4
                    ls-add {Letter}-stateful
                    {Join(router, $"{Letter}-stateful", Number, 3, $"192.168.{Number}1.1/24", $"2001:db8:{Number}1::1/64")}
                    {Port($"{Letter}-stateful", machines[4])}
                    pg-add {Letter}_guarded {machines[4].Name}
                    acl-add {Letter}_guarded from-lport 1002 'inport == @{Letter}_guarded && ip' allow-related
                    acl-add {Letter}_guarded to-lport 1002 'outport == @{Letter}_guarded && (icmp || udp || tcp.dst == 7000)' allow-related
                    acl-add {Letter}_guarded to-lport 1001 'outport == @{Letter}_guarded && ip' drop
                    """;
            }
        }

        public string Machine(int number) => $"{Letter}{number}";

        private Machine Natted(int number, string chassis) => new(
            Machine(number),
            chassis,
            MacAddress.Parse($"02:00:00:00:{Number:x2}:0{number}"),
            [HostAddress.Parse($"10.0.0.{number}/24")],
            [Ip("10.0.0.1")]);
    }
}
