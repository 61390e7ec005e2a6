using System.Net;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Linux.Tests.Netlink;

public sealed class RouteNetlinkTests
{
    private const string TwoLinks = """
        link add left address 02:00:00:00:00:01 mtu 1400 type veth peer name right address 02:00:00:00:00:02
        link add bridge address 02:00:00:00:00:03 type bridge
        link set right master bridge
        link set left up
        link set right up
        link set bridge up
        addr add 192.0.2.1/24 dev left
        addr add 2001:db8::1/64 dev left nodad
        addr add 198.51.100.1 peer 198.51.100.2/32 dev bridge
        route add 203.0.113.0/24 via 192.0.2.254 dev left
        route add 203.0.114.0/24 via inet6 2001:db8::ff dev left
        route add unreachable 203.0.115.0/24
        route add prohibit 203.0.116.0/24
        route add 2001:db8:1::/48 via 2001:db8::ff dev left
        neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev left nud permanent
        neigh add 2001:db8::9 lladdr 02:00:00:00:00:0a dev left nud permanent
        """;

    [Fact]
    public void Links_have_name_address_size_state_kind_and_relations()
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks);
        using var netlink = inside.Run(RouteNetlink.Open);
        var links = netlink.Links().ToDictionary(link => link.Name);
        var (left, right, bridge) = (links["left"], links["right"], links["bridge"]);
        Assert.Equal(new Link(left.Index, "left", MacAddress.Parse("02:00:00:00:00:01"), 1400, true, true, "veth", null, right.Index), left);
        Assert.Equal(new Link(right.Index, "right", MacAddress.Parse("02:00:00:00:00:02"), 1500, true, true, "veth", bridge.Index, left.Index), right);
        Assert.Equal(new Link(bridge.Index, "bridge", MacAddress.Parse("02:00:00:00:00:03"), bridge.Mtu, true, true, "bridge", null, null), bridge);
        Assert.True(links["lo"].IsUp);
    }

    [Fact]
    public void A_link_whose_peer_is_down_is_up_but_does_not_run()
    {
        using var inside = TestNamespace.Create();
        inside.Ip("link add one type veth peer name two\nlink set one up");
        using var netlink = inside.Run(RouteNetlink.Open);
        var links = netlink.Links().ToDictionary(link => link.Name);
        Assert.True(links["one"] is { IsUp: true, IsRunning: false });
        Assert.True(links["two"] is { IsUp: false, IsRunning: false });
    }

    [Fact]
    public void Addresses_are_our_own_with_their_prefix_length()
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks);
        using var netlink = inside.Run(RouteNetlink.Open);
        var links = netlink.Links().ToDictionary(link => link.Name, link => link.Index);
        var addresses = netlink.Addresses();
        Assert.Contains(new InterfaceAddress(links["left"], IPAddress.Parse("192.0.2.1"), 24), addresses);
        Assert.Contains(new InterfaceAddress(links["left"], IPAddress.Parse("2001:db8::1"), 64), addresses);
        Assert.Contains(new InterfaceAddress(links["bridge"], IPAddress.Parse("198.51.100.1"), 32), addresses);
        Assert.Contains(new InterfaceAddress(links["lo"], IPAddress.Loopback, 8), addresses);
    }

    [Theory]
    [InlineData("192.0.2.77", "left", null, "192.0.2.1", false)]
    [InlineData("203.0.113.5", "left", "192.0.2.254", "192.0.2.1", false)]
    [InlineData("203.0.114.5", "left", "2001:db8::ff", "192.0.2.1", false)]
    [InlineData("192.0.2.1", "lo", null, "192.0.2.1", true)]
    [InlineData("2001:db8::77", "left", null, "2001:db8::1", false)]
    [InlineData("2001:db8:1::5", "left", "2001:db8::ff", "2001:db8::1", false)]
    public void A_route_names_the_link_the_next_hop_and_the_source(string destination, string link, string? gateway, string source, bool isLocal)
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks);
        using var netlink = inside.Run(RouteNetlink.Open);
        var index = netlink.Links().Single(candidate => candidate.Name == link).Index;
        var expected = new Route(index, gateway is null ? null : IPAddress.Parse(gateway), IPAddress.Parse(source), isLocal);
        var route = netlink.Route(IPAddress.Parse(destination));
        Assert.Equal(expected, route);
        Assert.Equal(IPAddress.Parse(gateway ?? destination), route!.NextHop(IPAddress.Parse(destination)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("203.0.115.5")]
    [InlineData("203.0.116.5")]
    [InlineData("2001:4860::1")]
    public void There_is_no_route_to_what_the_kernel_would_not_send(string destination)
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks);
        using var netlink = inside.Run(RouteNetlink.Open);
        Assert.Null(netlink.Route(IPAddress.Parse(destination)));
    }

    [Fact]
    public void A_route_can_depend_on_the_source()
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks + "\nrule add from 198.51.100.1 table 7\nroute add default via 198.51.100.2 dev bridge table 7");
        using var netlink = inside.Run(RouteNetlink.Open);
        var fromBridge = netlink.Route(IPAddress.Parse("203.0.113.5"), IPAddress.Parse("198.51.100.1"));
        Assert.Equal(IPAddress.Parse("198.51.100.2"), fromBridge!.Gateway);
        Assert.Equal(IPAddress.Parse("192.0.2.254"), netlink.Route(IPAddress.Parse("203.0.113.5"))!.Gateway);
    }

    [Fact]
    public void Neighbours_of_both_families_are_listed_and_those_of_bridges_are_not()
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks);
        using var netlink = inside.Run(RouteNetlink.Open);
        var left = netlink.Links().Single(link => link.Name == "left").Index;
        var permanent = netlink.Neighbours().Where(neighbour => neighbour.State == NeighbourState.Permanent).ToList();
        Assert.Equal(
            [
                new Neighbour(left, IPAddress.Parse("192.0.2.9"), MacAddress.Parse("02:00:00:00:00:09"), NeighbourState.Permanent),
                new Neighbour(left, IPAddress.Parse("2001:db8::9"), MacAddress.Parse("02:00:00:00:00:0a"), NeighbourState.Permanent),
            ],
            permanent.OrderBy(neighbour => neighbour.Address.AddressFamily));
        Assert.All(permanent, neighbour => Assert.True(neighbour.IsUsable));
    }

    [Fact]
    public void A_list_that_needs_several_datagrams_is_whole()
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks + "\n" + string.Join('\n', Enumerable.Range(0, 3000).Select(i =>
            $"neigh add 192.0.{2 + i / 250}.{1 + i % 250} lladdr 02:00:00:00:01:00 dev left nud permanent".Replace("neigh add 192.0.2.9 ", "neigh replace 192.0.2.9 ", StringComparison.Ordinal))));
        using var netlink = inside.Run(RouteNetlink.Open);
        Assert.Equal(3001, netlink.Neighbours().Count(neighbour => neighbour.State == NeighbourState.Permanent));
    }

    [Fact]
    public void A_refusal_says_what_was_asked_and_why_it_failed()
    {
        using var inside = TestNamespace.Create();
        using var netlink = inside.Run(RouteNetlink.Open);
        var failure = Assert.Throws<NetlinkException>(() => netlink.Resolve(4711, IPAddress.Parse("192.0.2.1")));
        Assert.Equal(19, failure.Errno); // ENODEV
        Assert.Contains("resolve 192.0.2.1 on link 4711", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_may_ask_at_once()
    {
        using var inside = TestNamespace.Create();
        inside.Ip(TwoLinks);
        using var netlink = inside.Run(RouteNetlink.Open);
        var links = netlink.Links();
        Parallel.For(0, 200, i => Assert.Equal(i % 2 == 0 ? links.Count : 6, i % 2 == 0 ? netlink.Links().Count : RoutesFound(netlink)));
    }

    private static int RoutesFound(RouteNetlink netlink) =>
        Enumerable.Range(1, 6).Count(i => netlink.Route(IPAddress.Parse($"192.0.2.{i + 100}")) is not null);
}
