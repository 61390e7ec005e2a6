using System.Net;
using GatewayOS.Core;
using GatewayOS.Lab.Topologies;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Who opens connections to whom, and what his first packet looks like. Where it comes out is for the network to show.</summary>
/// <param name="Name">NAT, load balancer, ACL ...</param>
/// <param name="Client">The node that opens.</param>
/// <param name="ClientMac">Its address.</param>
/// <param name="FirstHop">Where it sends: a router, the owner of a distributed address, a neighbour.</param>
/// <param name="Source">Its IP address.</param>
/// <param name="Destination">What it takes for the server's address.</param>
/// <param name="IsBalanced">No ICMP: a load balancer knows ports only.</param>
internal sealed record Route(string Name, string Client, MacAddress ClientMac, MacAddress FirstHop, IPAddress Source, IPAddress Destination, bool IsBalanced = false)
{
    /// <summary>Some zone that tracks its connections does not translate them: that of a stateful ACL, or of a port beside a load balancer.</summary>
    public bool IsTrackedAsItIs => Name == "stateful ACL" || IsBesideBalancer;

    /// <summary>The switch of its machines has a load balancer, and so conntrack for all.</summary>
    public bool IsBesideBalancer { get; init; }


    private const string External = "ext";

    private static Topology Network => DemoNetwork.Topology;

    /// <summary>Those of the demonstration's network that need connections, in both families: SNAT, floating IPs, load balancers, stateful ACLs.</summary>
    public static IReadOnlyList<Route> All { get; } = [.. new[] { ('a', 1), ('b', 2) }.SelectMany(tenant => new[] { 0, 1 }.SelectMany(family => Of(tenant.Item1, tenant.Item2, family).Select(route => route with { IsBesideBalancer = tenant.Item1 == 'b' })))];

    public override string ToString() => $"{Name} {Client} {Source} > {Destination}";

    private static IEnumerable<Route> Of(char tenant, int number, int family)
    {
        var outside = Network.External.Addresses[family].Address;
        IPAddress Public(int address) => IPAddress.Parse(family == 0 ? $"172.16.0.{number}{address}" : $"2001:db8:f::{number}{address}");
        MacAddress Router(int port) => MacAddress.Parse($"02:aa:00:00:{number:x2}:{port:x2}");
        Machine Machine(int machine) => Network.Machines.Single(one => one.Name == $"{tenant}{machine}");
        Route Out(string name, int machine, int port) =>
            new(name, $"{tenant}{machine}", Machine(machine).Mac, Router(port), Machine(machine).Addresses[family].Address, outside);
        Route In(string name, MacAddress firstHop, IPAddress destination, bool isBalanced = false) =>
            new(name, External, Network.External.Mac, firstHop, outside, destination, isBalanced);
        Route Between(int client, int server) => new(
            "stateful ACL", $"{tenant}{client}", Machine(client).Mac, Machine(server).Mac, Machine(client).Addresses[family].Address, Machine(server).Addresses[family].Address);

        yield return Out("SNAT", 3, 2);
        yield return Out("SNAT", 7, 2);
        yield return Out("floating IP", 4, 2);
        yield return In("floating IP", Router(0), Public(2));
        yield return Out("distributed floating IP", 6, 2);
        yield return In("distributed floating IP", MacAddress.Parse($"02:bb:00:00:{number:x2}:06"), Public(3));
        yield return In("load balancer", Router(0), Public(4), isBalanced: true);
        yield return Out("stateful ACL", 5, 3);
        yield return In("stateful ACL", Router(0), Machine(5).Addresses[family].Address);
        yield return Between(5, 8);
        yield return Between(8, 5);
        if (tenant == 'b')
        {
            yield return Out("load balancer", 4, 2) with { Destination = IPAddress.Parse(family == 0 ? "10.96.0.10" : "fd00:96::10"), IsBalanced = true };
        }
    }
}
