using Xunit;

namespace GatewayOS.P4.Tests;

public sealed class MeteringTests
{
    [Fact]
    public void A_meter_is_an_entry_and_at_the_device_a_cell()
    {
        var cell = new MeterCell(MeterNames.Meters, 30, 1000, 200);
        var entry = Metering.EntryOf(cell);

        Assert.True(Metering.IsMeter(entry.Key));
        Assert.False(EntryForm.IsOfProgram(entry.Key));
        Assert.Equal(cell, EntryForm.EntityOf(entry));
        Assert.NotEqual(entry, Metering.EntryOf(cell with { Burst = 201 }));
        Assert.Equal(entry.Key, Metering.EntryOf(cell with { Burst = 201 }).Key);
    }

    [Fact]
    public void An_entry_names_the_meters_that_it_counts_at()
    {
        static TableEntry Entry(TableAction action) => new(TableNames.L2, [new FieldMatch.Exact(KeyNames.State, 10)], 0, action);
        var edits = new HeaderEdits(Meter: 3, Meter2: 4);

        Assert.False(edits.IsNone);
        Assert.Equal([3u, 4u], Metering.Of(Entry(PipelineActions.Forward(20, 0, edits))));
        Assert.Equal([4u], Metering.Of(Entry(PipelineActions.Go(11, edits with { Meter = 0 }))));
        Assert.Equal([3u, 4u], Metering.Of(Entry(new ActionSet([new(PipelineActions.Go(11, edits), 1), new(PipelineActions.Deny, 1)]))));
        Assert.Empty(Metering.Of(Entry(PipelineActions.Forward(20, 0, new HeaderEdits(TtlDecrement: 1)))));
    }
}
