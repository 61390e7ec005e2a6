using System.Net;
using System.Net.Sockets;
using GatewayOS.Connections;
using GatewayOS.Connections.Tracking;
using GatewayOS.Core;

namespace GatewayOS.Vswitchd.Tests;

/// <summary>Real traffic through a real ovs-vswitchd.</summary>
public sealed class DatapathConntrackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Translated_datagrams_and_tcp_are_listed_by_zone_and_ended_one_by_one()
    {
        using var running = UserspaceSwitch.Start();
        var conntrack = new DatapathConntrack(running.Vswitchd, "netdev@ovs-netdev");
        using var here = running.Bound(1, SocketType.Dgram, "10.0.0.1", 4000);
        using var there = running.Bound(2, SocketType.Dgram, "10.0.0.2", 5000);
        here.SendTo([1], new IPEndPoint(IPAddress.Parse("10.0.0.99"), 5000));
        there.Receive(new byte[1]);
        using var listener = running.Bound(2, SocketType.Stream, "2001:db8::2", 80);
        listener.Listen();
        using var client = running.Bound(1, SocketType.Stream, "2001:db8::1", 4001);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Parse("2001:db8::2"), 80), Token);

        var listed = (await conntrack.DumpAsync(5, Token)).Select(entry => entry.Connection).OrderBy(it => it.Original.IsIpv6).ToList();
        Assert.Equal(2, listed.Count);
        Assert.Equal(
            new Connection(5, Tuple("10.0.0.1", 4000, "10.0.0.99", 5000), Tuple("10.0.0.2", 5000, "10.0.0.1", 4000))
            {
                Status = ConnectionStatus.Confirmed | ConnectionStatus.DestinationNat,
                Mark = 7,
                Labels = 0x1234,
            },
            listed[0]);
        Assert.True(listed[1].Original is { IsIpv6: true, DestinationPort: 80 });
        Assert.Equal(OffloadObstacle.None, OffloadObstacles.Of(listed[1]));
        Assert.Empty(await conntrack.DumpAsync(6, Token));
        Assert.Equal((2, 0L), (await conntrack.CountAsync(Token), conntrack.Refused));
        Assert.True(await conntrack.LimitAsync(Token) > 1000);

        Assert.True(await conntrack.RemoveAsync(5, listed[0].Original, Token));
        Assert.False(await conntrack.RemoveAsync(5, listed[0].Original, Token));
        Assert.Equal([listed[1]], (await conntrack.DumpAsync(null, Token)).Select(entry => entry.Connection));
        await conntrack.FlushZoneAsync(6, Token);
        Assert.Single(await conntrack.DumpAsync(null, Token));
        await conntrack.FlushZoneAsync(5, Token);
        Assert.Empty(await conntrack.DumpAsync(null, Token));
    }

    [Fact]
    public async Task It_can_be_made_liberal()
    {
        using var running = UserspaceSwitch.Start();
        var conntrack = new DatapathConntrack(running.Vswitchd);
        Assert.True(await conntrack.ChecksSequenceAsync(Token));
        await conntrack.CheckSequenceAsync(false, Token);
        Assert.False(await conntrack.ChecksSequenceAsync(Token));
        await conntrack.CheckSequenceAsync(true, Token);
        Assert.True(await conntrack.ChecksSequenceAsync(Token));
    }

    [Fact]
    public async Task What_it_refuses_and_a_socket_where_nobody_listens_are_told()
    {
        using var running = UserspaceSwitch.Start();
        var refused = await Assert.ThrowsAsync<UnixctlException>(() => new DatapathConntrack(running.Vswitchd, "netdev@none").DumpAsync(null, Token));
        Assert.Contains("datapath not found", refused.Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnixctlException>(() => running.Vswitchd.AskAsync("nonsense", [], Token));
        await Assert.ThrowsAsync<UnixctlException>(() => new UnixctlClient("/nowhere/v.ctl").AskAsync("version", [], Token));
    }

    [Fact]
    public async Task Polling_sees_a_connection_begin_be_answered_and_end()
    {
        using var running = UserspaceSwitch.Start();
        var conntrack = new DatapathConntrack(running.Vswitchd);
        var poller = new ConntrackPoller(conntrack, new DumpPace(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), 0.5), UserspaceTimeouts.Default, TimeProvider.System);
        var tracker = new ConnectionTracker(100);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        end.CancelAfter(TimeSpan.FromSeconds(20));
        await using var news = poller.FollowAsync(end.Token).GetAsyncEnumerator(end.Token);
        await UntilAsync<ConnectionNews.DumpEnded>(null);

        using var here = running.Bound(1, SocketType.Dgram, "10.0.0.1", 4000);
        using var there = running.Bound(2, SocketType.Dgram, "10.0.0.2", 5000);
        here.SendTo([1], new IPEndPoint(IPAddress.Parse("10.0.0.2"), 5000));
        there.Receive(new byte[1]);
        await UntilAsync<ConnectionNews>(changes => changes.Any(change => change is ConnectionChange.Added(var added) && OffloadObstacles.Of(added) == OffloadObstacle.Unanswered));
        there.SendTo([2], new IPEndPoint(IPAddress.Parse("10.0.0.1"), 4000));
        here.Receive(new byte[1]);
        await UntilAsync<ConnectionNews>(changes => changes.Any(change => change is ConnectionChange.Updated(_, var now) && OffloadObstacles.Of(now) == OffloadObstacle.None));
        await conntrack.FlushZoneAsync(5, Token);
        await UntilAsync<ConnectionNews>(changes => changes.Any(change => change is ConnectionChange.Removed));
        Assert.Equal(0, tracker.Count);

        async Task UntilAsync<T>(Predicate<EquatableArray<ConnectionChange>>? isLast)
        {
            EquatableArray<ConnectionChange> changes;
            do
            {
                Assert.True(await news.MoveNextAsync());
                changes = tracker.Apply(news.Current);
            }
            while (news.Current is not T || isLast?.Invoke(changes) == false);
        }
    }

    /// <summary>What keeps a connection alive whose packets hardware carries: the tracker sees a packet, and no port does.</summary>
    [Fact]
    public async Task A_packet_that_is_only_tracked_prolongs_a_connection_and_leaves_by_no_port()
    {
        using var running = UserspaceSwitch.Start();
        var conntrack = new DatapathConntrack(running.Vswitchd);
        using var here = running.Bound(1, SocketType.Dgram, "10.0.0.1", 4000);
        using var there = running.Bound(2, SocketType.Dgram, "10.0.0.2", 5000);
        here.SendTo([1], new IPEndPoint(IPAddress.Parse("10.0.0.2"), 5000));
        there.Receive(new byte[1]);
        var before = Assert.Single(await conntrack.DumpAsync(5, Token));
        ConnectionEntry later;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
            later = Assert.Single(await conntrack.DumpAsync(5, Token));
        }
        while (later.Timeout > before.Timeout - TimeSpan.FromSeconds(2));

        using var channel = await OpenFlowChannel.ConnectAsync(running.ManagementSocket, Token);
        await channel.TrackAsync([(5, TrackedFrame.Of(before.Connection.Original)!)], Token);
        ConnectionEntry refreshed;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
            refreshed = Assert.Single(await conntrack.DumpAsync(5, Token));
        }
        while (refreshed.Timeout < before.Timeout - TimeSpan.FromSeconds(1));

        Assert.Equal(before.Connection, refreshed.Connection);
        Assert.False(there.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead));
    }

    private static ConnectionTuple Tuple(string source, ushort sport, string destination, ushort dport)
    {
        Assert.True(IpAddress.TryParse(source, out var from) & IpAddress.TryParse(destination, out var to));
        return new ConnectionTuple(false, TransportProtocol.Udp, from.Value, to.Value, sport, dport);
    }
}
