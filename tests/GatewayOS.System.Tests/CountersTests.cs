using System.Collections.Immutable;
using System.Text.Json;
using GatewayOS.Core;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests;

public sealed class CountersTests
{
    [Fact]
    public void Counts_are_read_without_what_belongs_to_no_traffic()
    {
        var counts = AgentCounters.Parse(JsonElement.Parse("""
            {"ready": true, "fastPath": {"forwarded": 40, "dropped": 2}, "punts": [
              {"reason": "not IP", "packets": 7, "background": true},
              {"reason": "needs a connection", "packets": 3, "background": false},
              {"reason": "needs a connection", "packets": 4, "background": false}]}
            """));
        Assert.Equal((42, 7), (counts.FastPath, counts.ThroughOvs));
        Assert.Equal(["needs a connection"], counts.Punts.Keys);
    }

    [Fact]
    public void Counts_of_several_devices_add_up_reason_by_reason()
    {
        var one = new FastPathCounts(10, ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("a", 1L), KeyValuePair.Create("b", 2L)]));
        var other = new FastPathCounts(5, ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("b", 3L)]));
        Assert.Equal((15, 6), ((one + other).FastPath, (one + other).ThroughOvs));
        Assert.Equal([KeyValuePair.Create("a", 1L), KeyValuePair.Create("b", 5L)], (one + other).Punts);
    }

    [Fact]
    public void A_difference_keeps_the_reasons_that_moved()
    {
        var earlier = new FastPathCounts(10, ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("a", 1L), KeyValuePair.Create("b", 2L)]));
        var later = new FastPathCounts(15, ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("a", 1L), KeyValuePair.Create("b", 5L), KeyValuePair.Create("c", 1L)]));
        var between = later.Since(earlier);
        Assert.Equal(5, between.FastPath);
        Assert.Equal([KeyValuePair.Create("b", 3L), KeyValuePair.Create("c", 1L)], between.Punts);
    }

    [Fact]
    public void A_packet_counts_on_each_device_that_it_passes()
    {
        var kind = DemoNetwork.Traffic.First(kind => kind is { Path: "routed", Protocol: Protocol.Udp, Family: 4, Direction: "ext -> VM" });
        EquatableArray<TrafficCount> flows = [.. kind.Flows.Select(_ => new TrafficCount(20, 20))];
        var punts = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("a", 10L)]);
        var count = new KindCount(kind, flows, 0, new FastPathCounts(150, punts));
        Assert.Equal((4, 160L), (flows.Count, count.Crossings));
        Assert.Equal(150.0 / 160, count.Share);
        Assert.True(count.IsComplete);
        Assert.False((count with { Unanswered = 1 }).IsComplete);
        Assert.False((count with { Flows = [new TrafficCount(20, 19), .. flows.Skip(1)] }).IsComplete);
        Assert.Null((count with { Devices = null }).Share);
    }
}
