using GatewayOS.Compiler.Automaton;
using Xunit;

namespace GatewayOS.Compiler.Tests.Automaton;

public sealed class RowPruningTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(2000)]
    public void A_longer_prefix_behind_a_shorter_one_goes_or_an_LPM_table_would_prefer_it(int others)
    {
        var (shorter, longer) = (Row(0x0a000000, 8, 1), Row(0x0a010000, 16, 2));
        List<Row> rows = [shorter, longer, .. Enumerable.Range(0, others).Select(i => Row(0x14000000u + (uint)i, 32, 3 + i))];
        var fallback = Punt(0);

        var kept = RowPruning.Prune(rows, ref fallback);

        Assert.Contains(shorter, kept);
        Assert.DoesNotContain(longer, kept);
        Assert.Equal(others + 1, kept.Count);
    }

    private static Row Row(uint address, int length, int reason) =>
        new(Cube.Of(KeyField.Destination, address, uint.MaxValue << (32 - length)), Punt(reason));

    private static Edge Punt(int reason) => new(Edits.None, new Target.Punt(new PuntCause($"reason {reason}", "", null)), FlowTrail.Empty);
}
