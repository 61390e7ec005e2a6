using Xunit;

namespace GatewayOS.Ovsdb.Tests;

public sealed class BackOffTests
{
    [Fact]
    public void Pauses_double_up_to_the_maximum_less_at_most_a_quarter_and_begin_anew_after_success()
    {
        var backOff = new BackOff(new ConnectionOptions { JitterSeed = 7 });
        foreach (var whole in new[] { 1, 2, 4, 8, 8, 8 })
        {
            Assert.InRange(backOff.Next().TotalSeconds, whole * 0.75, whole);
        }

        backOff.Reset();
        Assert.InRange(backOff.Next().TotalSeconds, 0.75, 1);
    }

    [Fact]
    public void Clients_with_different_seeds_come_back_at_different_times()
    {
        var pauses = Enumerable.Range(1, 100).Select(seed => new BackOff(new ConnectionOptions { JitterSeed = (uint)seed * 2654435761 }).Next());
        Assert.True(pauses.Distinct().Count() > 90);
    }
}
