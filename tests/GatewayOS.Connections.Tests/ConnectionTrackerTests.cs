using CsCheck;
using GatewayOS.Connections.Tracking;
using GatewayOS.Core;

namespace GatewayOS.Connections.Tests;

public sealed class ConnectionTrackerTests
{
    private static readonly Connection s_one = Udp(1), s_two = Udp(2);

    private readonly ConnectionTracker _tracker = new(100);

    [Fact]
    public void A_connection_is_found_by_both_of_its_tuples_in_its_zone_only()
    {
        var translated = s_one with { Reply = Tuple(2, 9, 80, 4000) };
        Assert.Equal([new ConnectionChange.Added(translated)], See(translated));
        Assert.Equal((translated, ConnectionDirection.Original), _tracker.Find(7, translated.Original));
        Assert.Equal((translated, ConnectionDirection.Reply), _tracker.Find(7, translated.Reply));
        Assert.Null(_tracker.Find(8, translated.Original));
        Assert.Null(_tracker.Find(7, translated.Original.Reversed));
    }

    [Fact]
    public void What_says_nothing_new_changes_nothing()
    {
        See(s_one);
        Assert.Empty(See(s_one));
        var assured = s_one with { Status = ConnectionStatus.Assured };
        Assert.Equal([new ConnectionChange.Updated(s_one, assured)], See(assured));
    }

    [Fact]
    public void What_an_event_leaves_out_is_as_it_was()
    {
        var tcp = s_one with
        {
            Original = s_one.Original with { Protocol = TransportProtocol.Tcp },
            Reply = s_one.Reply with { Protocol = TransportProtocol.Tcp },
            Labels = 0x77,
            Tcp = new TcpTracking(TcpState.Established, TcpState.Established, TcpFlags.BeLiberal, TcpFlags.None),
        };
        See(tcp);
        var told = new ConnectionEntry(tcp with { Labels = 0, Tcp = null, Mark = 5 }) { Missing = ConnectionParts.Labels | ConnectionParts.ProtocolState };
        Assert.Equal([new ConnectionChange.Updated(tcp, tcp with { Mark = 5 })], _tracker.Apply(new ConnectionNews.Changed([new ConnectionEvent.Seen(told)])));
        Assert.Equal([new ConnectionChange.Updated(tcp with { Mark = 5 }, tcp with { Labels = 0 })], See(tcp with { Labels = 0 }));
    }

    [Fact]
    public void The_end_of_an_earlier_connection_is_old_news()
    {
        See(s_one with { Id = 2 });
        Assert.Empty(End(s_one with { Id = 1 }));
        Assert.Equal([new ConnectionChange.Removed(s_one with { Id = 2 })], End(s_one with { Id = 2 }));
        Assert.Empty(End(s_one with { Id = 2 }));
    }

    [Fact]
    public void A_newer_connection_pushes_out_those_that_have_its_tuples()
    {
        See(s_one);
        See(s_two);
        var both = new Connection(7, s_one.Original, s_two.Reply) { Id = 9 };
        Assert.Equal([new ConnectionChange.Removed(s_one), new ConnectionChange.Removed(s_two), new ConnectionChange.Added(both)], See(both));
        Assert.Equal([both], _tracker.All);
        var swapped = new Connection(7, both.Reply, both.Original) { Id = 9 };
        Assert.Equal([new ConnectionChange.Removed(both), new ConnectionChange.Added(swapped)], See(swapped));
    }

    [Fact]
    public void A_connection_with_itself_has_one_tuple_twice()
    {
        var self = new Connection(7, Tuple(1, 1, 5, 5), Tuple(1, 1, 5, 5));
        See(self);
        Assert.Equal((self, ConnectionDirection.Original), _tracker.Find(7, self.Reply));
        End(self);
        Assert.Null(_tracker.Find(7, self.Original));
    }

    [Fact]
    public void After_a_dump_exactly_what_it_listed_is_known()
    {
        See(s_one);
        See(s_two);
        var changed = s_two with { Mark = 1 };
        Assert.Equal([new ConnectionChange.Updated(s_two, changed), new ConnectionChange.Added(Udp(3)), new ConnectionChange.Removed(s_one)], Dump(changed, Udp(3)));
        Assert.Empty(Dump(changed, changed, Udp(3)));
    }

    [Fact]
    public void A_listing_belongs_to_a_dump()
    {
        Assert.Throws<InvalidOperationException>(() => _tracker.Apply(new ConnectionNews.Listed([new ConnectionEntry(s_one)])));
        Assert.Throws<InvalidOperationException>(() => _tracker.Apply(new ConnectionNews.DumpEnded()));
    }

    [Fact]
    public void When_it_is_full_the_newest_waits_and_is_counted()
    {
        var small = new ConnectionTracker(1);
        small.Apply(Seen(s_one));
        Assert.Empty(small.Apply(Seen(s_two)));
        Assert.Equal((1, 1L, false), (small.Count, small.Refused, small.IsDumpWorthwhile));
        Assert.Equal([new ConnectionChange.Updated(s_one, s_one with { Mark = 1 })], small.Apply(Seen(s_one with { Mark = 1 })));
        small.Apply(Ended(s_one));
        Assert.True(small.IsDumpWorthwhile);
        small.Apply(new ConnectionNews.DumpBegan(DumpReason.Polled));
        Assert.Equal([new ConnectionChange.Added(s_two)], small.Apply(new ConnectionNews.Listed([new ConnectionEntry(s_two)])));
        small.Apply(new ConnectionNews.DumpEnded());
        Assert.False(small.IsDumpWorthwhile);
    }

    /// <summary>Few tuples, so that they meet; against a plain dictionary.</summary>
    [Fact]
    public void Its_changes_lead_to_what_it_knows_whatever_it_is_told() => (
        from steps in (
            from kind in Gen.Int[0, 9]
            from connections in (
                from zone in Gen.UShort[0, 1]
                from source in Gen.UInt[1, 4]
                from reply in Gen.UInt[1, 4]
                from v6 in Gen.Bool
                from mark in Gen.UInt[0, 1]
                from id in Gen.UInt[0, 1]
                let original = Tuple(source, 9, 1, 2) with { IsIpv6 = v6 }
                select new Connection(zone, original, (Tuple(9, reply, 2, 1) with { IsIpv6 = v6 })) { Mark = mark, Id = id }).List[0, 6]
            select (kind, connections)).List[0, 60]
        select steps).Sample(steps =>
    {
        var tracker = new ConnectionTracker(6);
        var replayed = new List<Connection>();
        foreach (var (kind, connections) in steps)
        {
            var entries = connections.Select(connection => new ConnectionEntry(connection)).ToEquatableArray();
            IEnumerable<ConnectionNews> told = kind switch
            {
                0 => [new ConnectionNews.DumpBegan(DumpReason.EventsLost), new ConnectionNews.Listed(entries), new ConnectionNews.DumpEnded()],
                < 4 => [new ConnectionNews.Changed(entries.Select(ConnectionEvent (it) => new ConnectionEvent.Ended(it)).ToEquatableArray())],
                _ => [new ConnectionNews.Changed(entries.Select(ConnectionEvent (it) => new ConnectionEvent.Seen(it)).ToEquatableArray())],
            };
            foreach (var change in told.SelectMany(news => tracker.Apply(news)))
            {
                if (change is ConnectionChange.Removed(var gone) && !replayed.Remove(gone))
                {
                    return false;
                }

                if (change is ConnectionChange.Updated(var old, _) && !replayed.Remove(old))
                {
                    return false;
                }

                replayed.AddRange(change is ConnectionChange.Added(var added) ? [added] : change is ConnectionChange.Updated(_, var now) ? [now] : []);
            }

            var tuples = replayed.SelectMany(it => new[] { (it.Zone, it.Original), (it.Zone, it.Reply) }).ToList();
            if (tracker.Count > 6 || tuples.Distinct().Count() != tuples.Count || !tracker.All.ToHashSet().SetEquals(replayed) || tracker.Count != replayed.Count
                || replayed.Any(it => tracker.Find(it.Zone, it.Original)?.Connection != it || tracker.Find(it.Zone, it.Reply)?.Connection != it))
            {
                return false;
            }

            if (kind == 0 && !tracker.All.All(connections.Contains))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Many_come_and_go_without_growing_what_it_holds()
    {
        var tracker = new ConnectionTracker(100_000);
        for (var round = 0; round < 3; round++)
        {
            for (uint i = 0; i < 20_000; i++)
            {
                tracker.Apply(Seen(Udp(i) with { Id = (uint)round }));
            }

            Assert.Equal(20_000, tracker.Count);
            Assert.All(Enumerable.Range(0, 20_000).Where(i => i % 997 == 0), i => Assert.NotNull(tracker.Find(7, Udp((uint)i).Reply)));
            for (uint i = 0; i < 20_000; i++)
            {
                Assert.Single(tracker.Apply(Ended(Udp(i) with { Id = (uint)round })));
            }

            Assert.Equal(0, tracker.Count);
            Assert.Empty(tracker.All);
        }
    }

    /// <summary>The promise of the README, measured on what the garbage collector holds.</summary>
    [Fact]
    public void A_hundred_thousand_connections_take_less_than_240_octets_each()
    {
        const int Count = 100_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tracker = new ConnectionTracker(Count);
        for (uint i = 0; i < Count; i++)
        {
            tracker.Apply(Seen(Udp(i)));
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;
        Assert.Equal(Count, tracker.Count);
        Assert.InRange(each, 128, 240);
    }

    private static ConnectionTuple Tuple(uint source, uint destination, ushort sport, ushort dport) =>
        new(false, TransportProtocol.Udp, source, destination, sport, dport);

    private static Connection Udp(uint number) => new(7, Tuple(number, 0xffff0000, 4000, 80), Tuple(0xffff0000, number, 80, 4000));

    private static ConnectionNews.Changed Seen(Connection connection) => new([new ConnectionEvent.Seen(new ConnectionEntry(connection))]);

    private static ConnectionNews.Changed Ended(Connection connection) => new([new ConnectionEvent.Ended(new ConnectionEntry(connection))]);

    private EquatableArray<ConnectionChange> See(Connection connection) => _tracker.Apply(Seen(connection));

    private EquatableArray<ConnectionChange> End(Connection connection) => _tracker.Apply(Ended(connection));

    private EquatableArray<ConnectionChange> Dump(params Connection[] connections) =>
    [
        .. _tracker.Apply(new ConnectionNews.DumpBegan(DumpReason.EventsLost)),
        .. _tracker.Apply(new ConnectionNews.Listed(connections.Select(it => new ConnectionEntry(it)).ToEquatableArray())),
        .. _tracker.Apply(new ConnectionNews.DumpEnded()),
    ];
}
