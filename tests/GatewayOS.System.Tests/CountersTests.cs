using System.Collections.Immutable;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests;

public sealed class CountersTests
{
    [Fact]
    public void Counts_are_read_without_what_belongs_to_no_traffic()
    {
        var counts = GatewayctlCounters.Parse("""
            {"ready": true, "fastPath": {"forwarded": 40, "dropped": 2}, "punts": [
              {"reason": "not IP", "packets": 7, "background": true},
              {"reason": "needs a connection", "packets": 3, "background": false},
              {"reason": "needs a connection", "packets": 4, "background": false}]}
            """);
        Assert.Equal((42, 7), (counts.FastPath, counts.ThroughOvs));
        Assert.Equal(["needs a connection"], counts.Punts.Keys);
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
