using System.Net;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;
using Microsoft.Extensions.Logging.Abstractions;

namespace GatewayOS.Linux.Tests.Netlink;

public sealed class NetworkFollowerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_tells_what_is_so_before_it_is_synchronised()
    {
        using var inside = TestNamespace.Create();
        inside.Ip("link add one type veth peer name two\naddr add 192.0.2.1/24 dev one");
        using var story = new Story(inside);
        var start = await story.UntilAsync(change => change is NetworkChange.Synchronised);
        Assert.Equal(["lo", "one", "two"], start.OfType<NetworkChange.LinkIs>().Select(change => change.Link.Name).Order());
        Assert.Contains(start.OfType<NetworkChange.AddressIs>(), change => change.Address.Address.Equals(IPAddress.Parse("192.0.2.1")));
        Assert.Contains(start, change => change is NetworkChange.RoutesChanged);
    }

    [Fact]
    public async Task It_tells_the_life_of_a_link()
    {
        using var inside = TestNamespace.Create();
        using var story = new Story(inside);
        await story.UntilAsync(change => change is NetworkChange.Synchronised);
        inside.Ip("link add one type veth peer name two");
        await story.UntilAsync(change => change is NetworkChange.LinkIs { Link: { Name: "one", IsUp: false } });
        inside.Ip("link set one up\nlink set two up");
        await story.UntilAsync(change => change is NetworkChange.LinkIs { Link: { Name: "one", IsRunning: true } });
        inside.Ip("link set one down name three\nlink set three address 02:00:00:00:00:01 mtu 1300");
        await story.UntilAsync(change => change is NetworkChange.LinkIs { Link: { Name: "three", Mtu: 1300, Mac.Value: 0x020000000001 } });
        inside.Ip("link delete three");
        await story.UntilAsync(change => change is NetworkChange.LinkGone { Link.Name: "three" });
    }

    [Fact]
    public async Task A_link_that_leaves_a_bridge_is_not_gone()
    {
        using var inside = TestNamespace.Create();
        inside.Ip("link add bridge type bridge\nlink add one type veth peer name two\nlink set one master bridge");
        using var story = new Story(inside);
        await story.UntilAsync(change => change is NetworkChange.Synchronised);
        inside.Ip("link set one nomaster\nlink delete bridge");
        var told = await story.UntilAsync(change => change is NetworkChange.LinkGone { Link.Name: "bridge" });
        Assert.DoesNotContain(told, change => change is NetworkChange.LinkGone { Link.Name: "one" });
        Assert.Contains(told, change => change is NetworkChange.LinkIs { Link: { Name: "one", Master: null } });
    }

    [Fact]
    public async Task It_tells_of_addresses_and_routes()
    {
        using var inside = TestNamespace.Create();
        inside.Ip("link add one type veth peer name two\nlink set one up\nlink set two up");
        using var story = new Story(inside);
        await story.UntilAsync(change => change is NetworkChange.Synchronised);
        inside.Ip("addr add 192.0.2.1/24 dev one");
        await story.UntilAsync(change => change is NetworkChange.AddressIs { Address.PrefixLength: 24 });
        inside.Ip("route add 203.0.113.0/24 via 192.0.2.254");
        await story.UntilAsync(change => change is NetworkChange.RoutesChanged);
        inside.Ip("addr del 192.0.2.1/24 dev one");
        await story.UntilAsync(change => change is NetworkChange.AddressGone { Address.PrefixLength: 24 });
    }

    [Theory]
    [InlineData("192.0.2.1/24", "192.0.2.2/24")]
    [InlineData("2001:db8::1/64", "2001:db8::2/64")]
    public async Task It_tells_how_a_neighbour_that_was_asked_for_is_resolved_and_goes(string here, string there)
    {
        using var inside = TestNamespace.Create();
        using var peer = TestNamespace.Create();
        inside.Ip($"link add one type veth peer name two netns {peer.Name}\nlink set one up\naddr add {here} dev one nodad");
        peer.Ip($"link set two address 02:00:00:00:00:0b up\naddr add {there} dev two nodad");
        using var netlink = inside.Run(RouteNetlink.Open);
        using var story = new Story(inside);
        await story.UntilAsync(change => change is NetworkChange.Synchronised);
        var address = IPAddress.Parse(there.Split('/')[0]);
        var link = netlink.Links().Single(candidate => candidate.Name == "one").Index;

        netlink.Resolve(link, address);
        var told = await story.UntilAsync(change => change is NetworkChange.NeighbourIs { Neighbour: { IsUsable: true } it } && it.Address.Equals(address));
        var usable = ((NetworkChange.NeighbourIs)told[^1]).Neighbour;
        Assert.Equal((link, MacAddress.Parse("02:00:00:00:00:0b")), (usable.Interface, usable.Mac!.Value));

        inside.Ip($"neigh del {address} dev one");
        await story.UntilAsync(change => change is NetworkChange.NeighbourIs { Neighbour: { State: NeighbourState.Failed } }
            or NetworkChange.NeighbourGone);
    }

    [Fact]
    public async Task After_an_overrun_it_tells_what_it_missed()
    {
        using var inside = TestNamespace.Create();
        inside.Ip("link add before type veth peer name peer");
        using var story = new Story(inside, receiveBuffer: 1);
        await story.UntilAsync(change => change is NetworkChange.Synchronised);
        inside.Ip("link delete before\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"link add br{i} type bridge")));
        var told = await story.UntilAsync(change => change is NetworkChange.Synchronised);
        using var netlink = inside.Run(RouteNetlink.Open);
        Assert.Equal(
            netlink.Links().Select(link => link.Name).Where(name => name != "lo").Order(),
            told.OfType<NetworkChange.LinkIs>().Select(change => change.Link.Name).Where(name => name.StartsWith("br", StringComparison.Ordinal)).Distinct().Order());
        Assert.Equal(["before", "peer"], told.OfType<NetworkChange.LinkGone>().Select(change => change.Link.Name).Order());
    }

    [Fact]
    public async Task It_ends_by_its_token()
    {
        using var inside = TestNamespace.Create();
        using var follower = inside.Run(() => NetworkFollower.Open(NullLogger<NetworkFollower>.Instance));
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in follower.FollowAsync(cancellation.Token))
            {
                if (change is NetworkChange.Synchronised)
                {
                    await cancellation.CancelAsync();
                }
            }
        });
    }

    /// <summary>What a follower told, read up to a point at a time.</summary>
    private sealed class Story : IDisposable
    {
        private readonly NetworkFollower _follower;
        private readonly CancellationTokenSource _end = new();
        private readonly IAsyncEnumerator<NetworkChange> _changes;

        public Story(TestNamespace inside, int receiveBuffer = 1 << 20)
        {
            _follower = inside.Run(() => NetworkFollower.Open(NullLogger<NetworkFollower>.Instance, receiveBuffer));
            _changes = _follower.FollowAsync(_end.Token).GetAsyncEnumerator(_end.Token);
        }

        public async Task<List<NetworkChange>> UntilAsync(Predicate<NetworkChange> last)
        {
            _end.CancelAfter(s_patience);
            var told = new List<NetworkChange>();
            do
            {
                Assert.True(await _changes.MoveNextAsync());
                told.Add(_changes.Current);
            }
            while (!last(told[^1]));

            return told;
        }

        public void Dispose()
        {
            _follower.Dispose();
            _end.Dispose();
        }
    }
}
