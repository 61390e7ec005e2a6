using Xunit;

namespace GatewayOS.P4.Tests;

public sealed class ReplicationTests
{
    [Fact]
    public void A_group_is_an_entry_and_at_the_device_a_group_again()
    {
        var group = new MulticastGroup(30, [new Replica(2, 20), new Replica(3, 21), new Replica(3, 22)]);
        var entry = Replication.EntryOf(group);

        Assert.True(Replication.IsGroup(entry.Key));
        Assert.Equal(group, EntryForm.EntityOf(entry));
        Assert.Equal(entry, Replication.EntryOf(new MulticastGroup(30, [new Replica(3, 22), new Replica(3, 21), new Replica(2, 20)])));
    }

    [Fact]
    public void Other_entries_stay_what_they_are()
    {
        var entry = new TableEntry(TableNames.Output, [new FieldMatch.Exact(KeyNames.Out, 30)], 0, PipelineActions.Group(30, 1514));

        Assert.True(EntryForm.IsOfProgram(entry.Key));
        Assert.Same(entry, EntryForm.EntityOf(entry));
    }
}
