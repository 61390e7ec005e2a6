using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>Invariants I4 and I5 for meters: none is named before it is there.</summary>
public sealed class MeterOrderTests
{
    private static readonly TableEntry s_meter = Metering.EntryOf(new MeterCell(MeterNames.Meters, 5, 1000, 100));
    private static readonly TableEntry s_other = Metering.EntryOf(new MeterCell(MeterNames.Meters, 6, 1000, 100));
    private static readonly TableEntry s_state = new(TableNames.L2, [new FieldMatch.Exact(KeyNames.State, 10)], 0, PipelineActions.Go(11, new HeaderEdits(Meter: 5)));
    private static readonly TableEntry s_behind = new(TableNames.L2To, [new FieldMatch.Exact(KeyNames.State, 11)], 0, PipelineActions.Track(12, 64, new HeaderEdits(Meter2: 6)));
    private static readonly TableEntry[] s_all = [s_state, s_behind, s_other, s_meter];

    [Fact]
    public void A_meter_is_configured_before_what_names_it_and_goes_after_it()
    {
        var inserts = Plan([], new EntryWrites(s_all, [], []));
        Assert.True(inserts.IndexOf(s_meter) < inserts.IndexOf(s_state));
        Assert.True(inserts.IndexOf(s_other) < inserts.IndexOf(s_behind));

        var deletes = Plan(s_all, new EntryWrites([], [], s_all));
        Assert.True(deletes.IndexOf(s_meter) > deletes.IndexOf(s_state));
        Assert.True(deletes.IndexOf(s_other) > deletes.IndexOf(s_behind));
    }

    [Fact]
    public void Another_rate_is_another_meter_and_the_row_changes_by_one_write()
    {
        var (after, meter) = (s_state with { Action = PipelineActions.Go(11, new HeaderEdits(Meter: 7)) }, Metering.EntryOf(new MeterCell(MeterNames.Meters, 7, 2000, 100)));

        Assert.Equal([meter, after, s_meter], Plan(s_all, new EntryWrites([meter], [after], [s_meter])));
    }

    [Fact]
    public void Without_its_meter_a_row_punts()
    {
        var degraded = Degradation.Of(s_all, new HashSet<EntryKey> { s_other.Key }, []);

        Assert.Equal(PipelineActions.Punt((ushort)PuntReason.NoEntry), degraded.Entries.Find(s_behind.Key)!.Action);
        Assert.Equal(s_state, degraded.Entries.Find(s_state.Key));
    }

    private static List<TableEntry> Plan(IEnumerable<TableEntry> installed, EntryWrites writes) =>
        [.. WritePlanner.Plan(new InstalledEntries(installed), writes, new Dictionary<EntryKey, TableEntry>()).SelectMany(batch => batch).Select(update => (TableEntry)update.Entity)];
}
