using CsCheck;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.P4Runtime.Tests;

/// <summary>Random entries that fit the pipeline.</summary>
internal static class EntityGenerators
{
    public static Gen<PipelineEntity> Any { get; } = Gen.OneOf<PipelineEntity>(
        OneOf(Pipeline.Tables).SelectMany(Entry).Select(entry => (PipelineEntity)entry),
        from id in Gen.UInt[1, 65535]
        from replicas in Gen.Select(Gen.UInt[1, 511], Gen.UInt[1, 65535]).Array[0, 5]
        select (PipelineEntity)new MulticastGroup(
            id, replicas.Select(one => new Replica(one.Item1, one.Item2)).Distinct().Order().ToEquatableArray()),
        from index in Gen.UInt[1, Metering.Last]
        from rate in Gen.UInt
        from burst in Gen.UInt[0, MeterCell.LargestBurst]
        select (PipelineEntity)new MeterCell(MeterNames.Meters, index, rate, burst),
        from id in Gen.UInt[1, 1000]
        from call in Call(ActionNames.Forward)
        select (PipelineEntity)new ProfileMember(ProfileNames.SelectProfile, id, call),
        from id in Gen.UInt[1, 1000]
        from members in Gen.Select(Gen.UInt[1, 99], Gen.Int[1, 9]).Array[0, 4]
        select (PipelineEntity)new ProfileGroup(
            ProfileNames.SelectProfile, id, 256,
            members.DistinctBy(one => one.Item1).OrderBy(one => one.Item1).Select(one => new GroupMember(one.Item1, one.Item2)).ToEquatableArray()));

    public static Gen<TableEntry> Entry(TableShape table) =>
        from match in Sequence(table.Keys.Select(Match))
        from priority in Gen.Int[1, 1_000_000]
        from action in Action(table)
        from timeout in Gen.Int[0, 100]
        select new TableEntry(
            table.Name, match.OfType<FieldMatch>().ToEquatableArray(), table.HasPriority ? priority : 0, action)
        {
            IdleTimeout = table.Name.StartsWith("connection", StringComparison.Ordinal) ? TimeSpan.FromSeconds(timeout) : TimeSpan.Zero,
        };

    /// <summary>All of the domain, with the ends and small values more often than chance gives them.</summary>
    public static Gen<UInt128> Value(int width)
    {
        var highest = UInt128.MaxValue >> (128 - width);
        return Gen.Frequency(
            (1, Gen.Const<UInt128>(0)),
            (1, Gen.Const(highest)),
            (2, Gen.UInt[0, 300].Select(value => value & highest)),
            (6, Gen.Select(Gen.ULong, Gen.ULong).Select(halves => new UInt128(halves.Item1, halves.Item2) & highest)));
    }

    private static Gen<T> OneOf<T>(IReadOnlyList<T> choices) => Gen.Int[0, choices.Count - 1].Select(index => choices[index]);

    private static Gen<FieldMatch?> Match(KeyShape key)
    {
        var highest = UInt128.MaxValue >> (128 - key.Width);
        return key.Kind switch
        {
            MatchKind.Exact => Value(key.Width).Select(value => (FieldMatch?)new FieldMatch.Exact(key.Name, value)),
            MatchKind.Lpm => Gen.Select(Value(key.Width), Gen.Int[0, key.Width]).Select((value, length) =>
                length == 0 ? null : (FieldMatch?)new FieldMatch.Lpm(key.Name, value & (highest << (key.Width - length)), length)),
            MatchKind.Ternary => Gen.Select(Value(key.Width), Value(key.Width)).Select((value, mask) =>
                mask == 0 ? null : (FieldMatch?)new FieldMatch.Ternary(key.Name, value, mask)),
            MatchKind.Range => throw new NotSupportedException("the pipeline has no range"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Gen<TableAction> Action(TableShape table)
    {
        var call = OneOf(table.Actions).SelectMany(Call);
        return table.Profile is null
            ? call.Select(one => (TableAction)one)
            : Gen.Select(call, Gen.Int[1, 5]).Select((one, weight) => new WeightedCall(one, weight)).Array[1, 4]
                .Select(calls => (TableAction)new ActionSet([.. calls.DistinctBy(one => one.Call)]));
    }

    private static Gen<ActionCall> Call(string name) =>
        Sequence(Pipeline.Actions[name].Parameters.Select(parameter =>
            Value(parameter.Width).Select(value => new ActionArgument(parameter.Name, value))))
            .Select(arguments => new ActionCall(name, [.. arguments]));

    private static Gen<T[]> Sequence<T>(IEnumerable<Gen<T>> generators) =>
        generators.Aggregate(Gen.Const(Array.Empty<T>()), (all, one) => Gen.Select(all, one).Select((left, right) => (T[])[.. left, right]));
}
