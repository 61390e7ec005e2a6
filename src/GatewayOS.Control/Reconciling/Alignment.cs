using GatewayOS.Compiler.Emission;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>Finds what is desired among what a device holds where the two differ in numbers only.</summary>
/// <remarks>
/// An agent that has run for long may have given a content another number than a new one would, because its first choice was taken then.
/// Desired and held entries are walked together from where packets come in; groups that do the same, all that is behind them included, belong together.
/// </remarks>
/// <param name="Numbers">The numbers on the device of the desired groups that have others there.</param>
public sealed record Alignment(IReadOnlyDictionary<EntryGroup, uint> Numbers)
{
    public static Alignment Of(InstalledEntries desired, InstalledEntries held)
    {
        var (desiredShapes, heldShapes) = (Shapes(desired), Shapes(held));
        var numbers = new Dictionary<EntryGroup, uint>();
        var taken = new HashSet<EntryGroup>();
        var met = new HashSet<(EntryGroup, EntryGroup)>();
        var pending = new Queue<(TableEntry Desired, TableEntry Held)>(
            desired.All.Where(EntryGraph.IsRoot).Select(entry => (entry, held.Find(entry.Key)!)).Where(pair => pair.Item2 is not null));
        while (pending.TryDequeue(out var pair))
        {
            foreach (var (want, have) in EntryGraph.TargetsOf(pair.Desired).Zip(EntryGraph.TargetsOf(pair.Held)))
            {
                if (want.Kind != have.Kind || !met.Add((want, have)))
                {
                    continue;
                }

                if (desiredShapes.GetValueOrDefault(want) == heldShapes.GetValueOrDefault(have) && !numbers.ContainsKey(want) && taken.Add(have))
                {
                    numbers.Add(want, (uint)have.Id);
                }

                var rows = held.Rows(have).ToDictionary(RowOf);
                foreach (var row in desired.Rows(want))
                {
                    if (rows.TryGetValue(RowOf(row), out var same))
                    {
                        pending.Enqueue((row, same));
                    }
                }
            }
        }

        return new Alignment(numbers.Where(pair => pair.Key.Id != pair.Value).ToDictionary());
    }

    /// <summary>Has the compiler use the numbers of the device from its next compilation on.</summary>
    public void ApplyTo(DeviceIds ids)
    {
        ids.Move(Of(GroupKind.State), Of(GroupKind.Output), Of(GroupKind.Encapsulation), Of(GroupKind.Space), Of(GroupKind.Meter));
        Dictionary<uint, uint> Of(GroupKind kind) => Numbers.Where(pair => pair.Key.Kind == kind).ToDictionary(pair => (uint)pair.Key.Id, pair => pair.Value);
    }

    /// <summary>What a group does, whatever the numbers are; a group without entries has 0, as one that is not there.</summary>
    private static Dictionary<EntryGroup, ulong> Shapes(InstalledEntries entries)
    {
        var shapes = new Dictionary<EntryGroup, ulong>();
        foreach (var entry in entries.All.OrderBy(EntryGraph.Level))
        {
            if (EntryGraph.GroupOf(entry) is { } group)
            {
                // A sum, because the order of rows says nothing.
                shapes[group] = shapes.GetValueOrDefault(group) + Shape(entry, shapes);
            }
        }

        return shapes;
    }

    private static ulong Shape(TableEntry entry, Dictionary<EntryGroup, ulong> shapes)
    {
        var hash = new HashCode();
        hash.Add(RowOf(entry));
        foreach (var call in entry.Action switch { ActionCall one => [one], ActionSet set => set.Calls.Select(weighted => weighted.Call), _ => Enumerable.Empty<ActionCall>() })
        {
            hash.Add(call.Name);
            // That there is none of two is a difference: 0 stands for no space and no meter.
            foreach (var argument in call.Arguments.Where(argument => !EntryGraph.IsNumber(argument.Name) || argument.Value == 0))
            {
                hash.Add(argument);
            }
        }

        foreach (var target in EntryGraph.TargetsOf(entry))
        {
            hash.Add(shapes.GetValueOrDefault(target));
        }

        return (ulong)(uint)hash.ToHashCode() * 0x9e37_79b9_7f4a_7c15;
    }

    /// <summary>Which row of its group an entry is.</summary>
    private static EntryKey RowOf(TableEntry entry) => entry.Key with { Match = entry.Match.Skip(1).ToEquatableArray() };
}
