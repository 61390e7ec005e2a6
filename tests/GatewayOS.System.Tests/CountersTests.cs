using System.Collections.Immutable;
using System.Text.Json;
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
}
