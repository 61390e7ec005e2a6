namespace GatewayOS.P4;

/// <summary>The cells of <c>meters</c>, written as entries of a table of their own, as multicast groups are (<see cref="Replication"/>).</summary>
public static class Metering
{
    public const string Table = "metering";

    /// <summary>The last cell.</summary>
    public const uint Last = 8191;

    private const string Limit = "limit", Rate = "rate", Burst = "burst";

    public static TableEntry EntryOf(MeterCell cell) => new(
        Table, [new FieldMatch.Exact(ParameterNames.Meter, cell.Index)], 0,
        new ActionCall(Limit, [new ActionArgument(Rate, cell.Rate), new ActionArgument(Burst, cell.Burst)]));

    /// <summary>What a device is told.</summary>
    public static MeterCell CellOf(TableEntry entry) => entry.Action is ActionCall limit
        ? new MeterCell(MeterNames.Meters, IndexOf(entry), (uint)limit[Rate], (uint)limit[Burst])
        : throw new ArgumentException($"{entry} is no meter", nameof(entry));

    public static bool IsMeter(EntryKey key) => key.Table == Table;

    /// <summary>The meters that an entry counts its packets at.</summary>
    public static IEnumerable<uint> Of(TableEntry entry) =>
        from call in entry.Action switch { ActionCall one => [one], ActionSet set => set.Calls.Select(weighted => weighted.Call), _ => Enumerable.Empty<ActionCall>() }
        from argument in call.Arguments
        where argument.Name is ParameterNames.Meter or ParameterNames.Meter2 && argument.Value != 0
        select (uint)argument.Value;

    private static uint IndexOf(TableEntry entry) => (uint)((FieldMatch.Exact)entry.Match[0]).Value;
}
