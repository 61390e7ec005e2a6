namespace GatewayOS.P4;

/// <summary>What is kept as entries: those of the program's tables, and what is none at the device (<see cref="Replication"/>, <see cref="Metering"/>).</summary>
public static class EntryForm
{
    /// <summary>What a device is told.</summary>
    public static PipelineEntity EntityOf(TableEntry entry) =>
        Replication.IsGroup(entry.Key) ? Replication.GroupOf(entry)
        : Metering.IsMeter(entry.Key) ? Metering.CellOf(entry)
        : entry;

    /// <summary>Whether the device has such a table.</summary>
    public static bool IsOfProgram(EntryKey key) => !Replication.IsGroup(key) && !Metering.IsMeter(key);
}
