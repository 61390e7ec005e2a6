using System.Net;
using System.Net.Sockets;
using GatewayOS.Core;
using GatewayOS.Lab.Topologies;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Who opens connections to whom, and what his first packet looks like. Where it comes out is for the network to show.</summary>
/// <param name="Name">NAT, load balancer, ACL ...</param>
/// <param name="Way">Which way it is opened.</param>
/// <param name="Client">The node that opens.</param>
/// <param name="ClientMac">Its address.</param>
/// <param name="FirstHop">Where it sends: a router, the owner of a distributed address, a neighbour.</param>
/// <param name="Source">Its IP address.</param>
/// <param name="Destination">What it takes for the server's address.</param>
internal sealed record Route(string Name, string Way, string Client, MacAddress ClientMac, MacAddress FirstHop, IPAddress Source, IPAddress Destination)
{
    public const string Snat = "SNAT", FloatingIp = "floating IP", DistributedFloatingIp = "distributed floating IP", LoadBalancer = "load balancer", Hairpin = "hairpin", StatefulAcl = "ACL";

    /// <summary>By which servers are reached: what a load balancer knows, and another.</summary>
    public static IReadOnlyList<ushort> ServerPorts { get; } = [7000, 7001];

    private const string External = "ext", Outward = "outward", Inward = "inward", Within = "within";

    private static readonly (char Letter, int Number)[] s_tenants = [('a', 1), ('b', 2)];

    /// <summary>Those of the demonstration's network that need connections, in both families: SNAT, floating IPs, load balancers (one of which leads a machine back to itself), stateful ACLs.</summary>
    public static IReadOnlyList<Route> All { get; } = [.. from tenant in s_tenants from family in new[] { 0, 1 } from route in Of(tenant.Letter, tenant.Number, family) select route];

    public required char Tenant { get; init; }

    /// <summary>No ICMP: a load balancer knows ports only.</summary>
    public bool IsBalanced => Name is LoadBalancer or Hairpin;

    /// <summary>To a floating IP.</summary>
    public bool IsTranslatedInward => Name is FloatingIp or DistributedFloatingIp && Way == Inward;

    public bool IsIpv6 => Source.AddressFamily == AddressFamily.InterNetworkV6;

    private static Topology Network => DemoNetwork.Topology;

    /// <summary>What it is, whoever's.</summary>
    public string Kind => $"{Name} {Way}";

    public override string ToString() => $"{Kind} {Client} {Source} > {Destination}";

    private static IEnumerable<Route> Of(char tenant, int number, int family)
    {
        var outside = Network.External.Addresses[family].Address;
        IPAddress Public(int address) => IPAddress.Parse(family == 0 ? $"172.16.0.{number}{address}" : $"2001:db8:f::{number}{address}");
        MacAddress Router(int port) => MacAddress.Parse($"02:aa:00:00:{number:x2}:{port:x2}");
        Machine Machine(int machine) => Network.Machines.Single(one => one.Name == $"{tenant}{machine}");
        IPAddress Private(int machine) => Machine(machine).Addresses[family].Address;
        Route From(int machine, string name, string way, MacAddress firstHop, IPAddress destination) =>
            new(name, way, $"{tenant}{machine}", Machine(machine).Mac, firstHop, Private(machine), destination) { Tenant = tenant };
        Route In(string name, MacAddress firstHop, IPAddress destination) =>
            new(name, Inward, External, Network.External.Mac, firstHop, outside, destination) { Tenant = tenant };

        yield return From(3, Snat, Outward, Router(2), outside);
        yield return From(7, Snat, Outward, Router(2), outside);
        yield return From(4, FloatingIp, Outward, Router(2), outside);
        yield return In(FloatingIp, Router(0), Public(2));
        yield return From(6, DistributedFloatingIp, Outward, Router(2), outside);
        yield return In(DistributedFloatingIp, MacAddress.Parse($"02:bb:00:00:{number:x2}:06"), Public(3));
        yield return In(LoadBalancer, Router(0), Public(4));
        yield return From(5, StatefulAcl, Outward, Router(3), outside);
        yield return In(StatefulAcl, Router(0), Private(5));
        yield return From(5, StatefulAcl, Within, Machine(8).Mac, Private(8));
        yield return From(8, StatefulAcl, Within, Machine(5).Mac, Private(5));
        if (tenant == 'b')
        {
            yield return From(4, LoadBalancer, Within, Router(2), IPAddress.Parse(family == 0 ? "10.96.0.10" : "fd00:96::10"));
            yield return From(7, Hairpin, Within, Router(2), IPAddress.Parse(family == 0 ? "10.96.0.20" : "fd00:96::20"));
        }
    }
}
