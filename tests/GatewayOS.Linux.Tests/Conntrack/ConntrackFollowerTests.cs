using System.Net;
using System.Net.Sockets;
using GatewayOS.Connections;
using GatewayOS.Connections.Tracking;
using GatewayOS.Linux.Conntrack;
using Microsoft.Extensions.Logging.Abstractions;

namespace GatewayOS.Linux.Tests.Conntrack;

public sealed class ConntrackFollowerTests
{
    private static readonly ConntrackFollowerOptions s_eventsOnly = new() { Pace = new DumpPace(TimeSpan.FromHours(1), TimeSpan.FromHours(1), 1) };

    [Fact]
    public async Task It_tells_what_is_then_the_life_of_a_connection()
    {
        using var link = new TrackedLink();
        link.Datagram(5001, answer: true);
        using var story = new Story(link, s_eventsOnly);
        await story.UntilAsync(changes => changes.Any(change => change is ConnectionChange.Added { Connection.Original.DestinationPort: 5001 }));
        Assert.Equal([DumpReason.Start], story.Dumps);

        link.Connect(5002);
        await story.UntilAsync(_ => story.Tracker.All.Any(it => it is { Tcp.IsEstablished: true } && OffloadObstacles.Of(it) == OffloadObstacle.None));
        var connection = story.Tracker.All.Single(it => it.Tcp is not null);

        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { Mark = 0x77 });
        await story.UntilAsync(changes => changes.Any(change => change is ConnectionChange.Updated { Old.Mark: 0, New: { Mark: 0x77, Tcp.IsEstablished: true } }));
        conntrack.Remove(connection.Zone, connection.Original);
        await story.UntilAsync(changes => changes.Any(change => change is ConnectionChange.Removed { Connection.Mark: 0x77 }));
        Assert.Equal([5001], story.Tracker.All.Where(it => !it.Original.IsIpv6).Select(it => (int)it.Original.DestinationPort));
        Assert.Equal([DumpReason.Start], story.Dumps);
    }

    [Fact]
    public async Task It_finds_what_is_established_although_no_event_tells()
    {
        // What Open vSwitch asks for (OVS_CT_EVENTMASK_DEFAULT), but for the mark, which nft 1.0.6 cannot spell.
        using var link = new TrackedLink("chain events { type filter hook postrouting priority -1; ct event set new,related,destroy,label; }");
        using var story = new Story(link, s_eventsOnly);
        await story.UntilAsync(_ => story.Dumps.Count == 1);
        link.Connect(5002);
        await story.UntilAsync(_ => story.Tracker.All.Any(it => OffloadObstacles.Of(it) == OffloadObstacle.None && it.Tcp is not null));
        Assert.Equal([DumpReason.Start], story.Dumps);
    }

    [Fact]
    public async Task After_lost_events_it_knows_what_the_kernel_knows()
    {
        using var link = new TrackedLink();
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Datagram(5001, answer: true);
        using var story = new Story(link, s_eventsOnly with { ReceiveBuffer = 1 });
        await story.UntilAsync(_ => story.Tracker.Count > 0);
        conntrack.FlushZone(TrackedLink.Zone);
        using var here = link.Bound(there: false, SocketType.Dgram, ProtocolType.Udp, TrackedLink.Here);
        for (var port = 6000; port < 6500; port++)
        {
            here.SendTo([1], new IPEndPoint(TrackedLink.There, port));
        }

        await story.UntilAsync(_ => story.Dumps.Contains(DumpReason.EventsLost)
            && story.Tracker.All.Count(it => it.Original.DestinationPort >= 6000) == 500
            && story.Tracker.All.All(it => it.Original.DestinationPort != 5001));
        Assert.Equal(
            ConntrackNetlinkTests.All(conntrack).Select(entry => entry.Connection.ToString()).Order(),
            story.Tracker.All.Where(it => !it.Original.IsIpv6).Select(it => it.ToString()).Order());
        Assert.True(story.Follower.Losses > 0);
    }

    [Fact]
    public async Task Without_a_loss_it_lists_again_at_its_pace()
    {
        using var link = new TrackedLink();
        using var story = new Story(link, new ConntrackFollowerOptions { Pace = new DumpPace(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), 1) });
        await story.UntilAsync(_ => story.Dumps.Count == 3);
        Assert.Equal([DumpReason.Start, DumpReason.Polled, DumpReason.Polled], story.Dumps);
    }

    /// <summary>What a follower told, taken in by a tracker.</summary>
    private sealed class Story : IDisposable
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

        private readonly CancellationTokenSource _end = new();
        private readonly IAsyncEnumerator<ConnectionNews> _news;

        public Story(TrackedLink link, ConntrackFollowerOptions options)
        {
            Follower = link.Inside.Run(() => ConntrackFollower.Open(options, TimeProvider.System, NullLogger<ConntrackFollower>.Instance));
            _news = Follower.FollowAsync(_end.Token).GetAsyncEnumerator(_end.Token);
        }

        public ConntrackFollower Follower { get; }

        public ConnectionTracker Tracker { get; } = new(10_000);

        public List<DumpReason> Dumps { get; } = [];

        public async Task UntilAsync(Predicate<IReadOnlyList<ConnectionChange>> last)
        {
            _end.CancelAfter(s_patience);
            IReadOnlyList<ConnectionChange> changes;
            do
            {
                Assert.True(await _news.MoveNextAsync());
                changes = Tracker.Apply(_news.Current);
                if (_news.Current is ConnectionNews.DumpBegan(var reason))
                {
                    Dumps.Add(reason);
                }
            }
            while (!last(changes));
        }

        public void Dispose()
        {
            _end.Cancel();
            Follower.Dispose();
            _end.Dispose();
        }
    }
}
