using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using Xunit;

namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>Invariants I4 and I5 for packets that are copied: no copy leads to an output that is not there.</summary>
public sealed class ReplicationOrderTests
{
    private static readonly TableEntry s_group = Replication.EntryOf(new MulticastGroup(30, [new Replica(2, 20), new Replica(3, 21)]));
    private static readonly TableEntry s_output = Out(TableNames.Output, 30, PipelineActions.Group(30, 1514));
    private static readonly TableEntry s_state = new(TableNames.L2, [new FieldMatch.Exact(KeyNames.State, 10)], 0, PipelineActions.Forward(30, 0));

    private static readonly TableEntry[] s_all =
    [
        s_state, s_output, s_group,
        Out(TableNames.Output, 20, PipelineActions.Unicast(2, 1514)), Out(TableNames.Framing, 20, PipelineActions.Plain),
        Out(TableNames.Output, 21, PipelineActions.Unicast(3, 1514)), Out(TableNames.Framing, 21, PipelineActions.Vlan(100)),
    ];

    [Fact]
    public void A_group_is_written_behind_the_outputs_of_its_copies_and_before_its_own()
    {
        var inserts = WritePlanner.Plan(new InstalledEntries(), new EntryWrites(s_all, [], []), new Dictionary<EntryKey, TableEntry>());
        int Batch(TableEntry entry) => inserts.Index().Single(batch => batch.Item.Any(update => update.Entity.Equals(entry))).Index;

        Assert.All(s_all.Where(entry => entry.Table is TableNames.Framing), entry => Assert.True(Batch(entry) < Batch(s_group)));
        Assert.True(Batch(s_group) < Batch(s_output));
        Assert.True(Batch(s_output) < Batch(s_state));

        var deletes = WritePlanner.Plan(new InstalledEntries(s_all), new EntryWrites([], [], s_all), new Dictionary<EntryKey, TableEntry>());
        Assert.Equal(inserts.SelectMany(batch => batch).Select(update => update.Entity).ToHashSet(), deletes.SelectMany(batch => batch).Select(update => update.Entity).ToHashSet());
        Assert.All(deletes.SelectMany(batch => batch), update => Assert.Equal(UpdateKind.Delete, update.Kind));
        Assert.Contains(s_group, deletes[^3].Select(update => update.Entity));
    }

    [Fact]
    public void Without_the_group_its_packets_punt()
    {
        var degraded = Degradation.Of(s_all, new HashSet<EntryKey> { s_group.Key }, []);

        Assert.Null(degraded.Entries.Find(s_output.Key));
        Assert.Equal(PipelineActions.Punt((ushort)PuntReason.NoEntry), degraded.Entries.Find(s_state.Key)!.Action);
        Assert.NotNull(degraded.Entries.Find(s_all[3].Key));
    }

    [Fact]
    public void Without_the_output_of_a_copy_so_they_do()
    {
        var degraded = Degradation.Of(s_all, new HashSet<EntryKey> { s_all[3].Key }, []);

        Assert.Null(degraded.Entries.Find(s_group.Key));
        Assert.Equal(PipelineActions.Punt((ushort)PuntReason.NoEntry), degraded.Entries.Find(s_state.Key)!.Action);
    }

    private static TableEntry Out(string table, uint number, ActionCall action) => new(table, [new FieldMatch.Exact(KeyNames.Out, number)], 0, action);
}
