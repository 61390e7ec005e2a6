using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>The order in which rows of states in use come and go: a router's routes, behind them what its translations say of sources, behind that of destinations.</summary>
public sealed class OrderInPlaceTests
{
    private const uint Routes = 1, Sources = 2, Destinations = 3, Other = 4, Floating = 0xac10c802, Inside = 0x0a00000b;

    private static readonly TableEntry s_root = new(
        TableNames.EntryPort,
        [new FieldMatch.Exact(KeyNames.IngressPort, 1), new FieldMatch.Exact(KeyNames.VlanValid, 0), new FieldMatch.Exact(KeyNames.VlanId, 0), new FieldMatch.Exact(KeyNames.Class, 1)],
        0, PipelineActions.Enter(Routes, 1, 0, 0));

    private static readonly TableEntry[] s_before =
    [
        s_root, Route(null, PipelineActions.Go(Sources)), Source(null, PipelineActions.Go(Destinations)), Destination(null, PipelineActions.Deny), Destination(0x0a000001, PipelineActions.Punt(7)),
    ];

    private static readonly TableEntry[] s_after =
    [
        .. s_before, Route(Floating, PipelineActions.Go(Other)), Source(Inside, PipelineActions.Track(0, 9)), Destination(Floating, PipelineActions.Punt(8)),
        new TableEntry(TableNames.Transit4, [new FieldMatch.Exact(KeyNames.State, Other)], 0, PipelineActions.Deny),
    ];

    [Fact]
    public void What_takes_packets_away_comes_first() =>
        Assert.Equal(["Insert 4", "Insert 1", "Insert 2", "Insert 3"], Plan(s_before, s_after));

    [Fact]
    public void What_gives_them_back_goes_last() =>
        Assert.Equal(["Delete 3", "Delete 2", "Delete 1", "Delete 4"], Plan(s_after, s_before));

    [Fact]
    public void Rows_for_other_packets_may_change_together() => Assert.Equal(
        ["Insert 1 2", "Insert 3"],
        Plan(s_before, [.. s_before, Route(0x0a000001, PipelineActions.Deny), Source(Floating, PipelineActions.Deny, KeyNames.Dst), Destination(Floating, PipelineActions.Deny)]));

    [Fact]
    public void A_row_that_gets_another_priority_comes_before_it_goes()
    {
        TableEntry[] before = [.. s_before, Source(Inside, PipelineActions.Deny)];
        TableEntry[] after = [.. s_before, Source(Inside, PipelineActions.Deny) with { Priority = 3 }, Source(Inside + 1, PipelineActions.Deny), Destination(Inside, PipelineActions.Deny)];
        Assert.Equal(["Insert 2", "Delete 2", "Insert 3"], Plan(before, after));
        Assert.Equal(["Delete 3", "Insert 2", "Delete 2"], Plan(after, before));
    }

    [Fact]
    public void Who_meets_both_by_the_old_row_and_by_the_new_one_is_kept_away_meanwhile()
    {
        TableEntry[] between = [.. s_before, Source(Inside, PipelineActions.Go(Destinations))];
        var plan = Plan(between, [.. s_before, Source(Inside, PipelineActions.GoDst4(Destinations, Floating)), Destination(Floating, PipelineActions.Deny)]);
        Assert.Equal("Delete root", plan[0]);
        Assert.Equal("Insert root", plan[^1]);
    }

    private static string[] Plan(TableEntry[] before, TableEntry[] after)
    {
        var installed = new InstalledEntries(before);
        var plan = WritePlanner.Plan(installed, EntryWrites.Between(installed, new InstalledEntries(after)), new Dictionary<EntryKey, TableEntry>());
        return
        [
            .. plan.Select(batch => string.Join(
                ' ', batch.Select(update => update.Kind.ToString()).Distinct().Concat(batch.Select(update => Name((TableEntry)update.Entity)).Distinct().Order(StringComparer.Ordinal)))),
        ];
    }

    private static string Name(TableEntry entry) => EntryGraph.GroupOf(entry) is { } group ? $"{group.Id}" : "root";

    private static TableEntry Route(uint? address, ActionCall call) => new(TableNames.Route4, [.. Keys(Routes, address is { } dst ? new FieldMatch.Lpm(KeyNames.Dst, dst, 32) : null)], 0, call);

    private static TableEntry Source(uint? address, ActionCall call, string field = KeyNames.Src) =>
        new(TableNames.Policy4, [.. Keys(Sources, address is { } value ? new FieldMatch.Ternary(field, value, uint.MaxValue) : null)], address is null ? 1 : 2, call);

    private static TableEntry Destination(uint? address, ActionCall call) =>
        new(TableNames.Transit4, [.. Keys(Destinations, address is { } dst ? new FieldMatch.Lpm(KeyNames.Dst, dst, 32) : null)], 0, call);

    private static FieldMatch[] Keys(uint state, FieldMatch? match) => match is null ? [new FieldMatch.Exact(KeyNames.State, state)] : [new FieldMatch.Exact(KeyNames.State, state), match];
}
