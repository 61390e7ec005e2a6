using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>What is left of the desired entries when the device does not take all of them (invariant I4).</summary>
/// <remarks>
/// A group is kept whole or not at all: without a refused row, rows that it shadows would match in its place. What points at a group
/// that is not kept punts instead; where the table cannot punt, its group is not kept either. A missing root punts by itself.
/// </remarks>
/// <param name="Entries">What to install.</param>
/// <param name="Punting">By key, the desired entries in whose place <paramref name="Entries"/> has one that punts.</param>
public sealed record Degradation(InstalledEntries Entries, IReadOnlyDictionary<EntryKey, TableEntry> Punting)
{
    /// <param name="desired">What should be on the device.</param>
    /// <param name="refused">Entries that the device does not take.</param>
    /// <param name="pinned">Entries that are on the device and cannot be removed or changed, with all that they reach.</param>
    public static Degradation Of(IReadOnlyCollection<TableEntry> desired, IReadOnlySet<EntryKey> refused, IReadOnlyCollection<TableEntry> pinned)
    {
        var result = new InstalledEntries(pinned);
        var punting = new Dictionary<EntryKey, TableEntry>();
        var pinnedKeys = pinned.Select(entry => entry.Key).ToHashSet();
        var frozen = pinned.Select(EntryGraph.GroupOf).OfType<EntryGroup>().ToHashSet();
        var usable = new HashSet<EntryGroup>();
        var lost = new HashSet<EntryGroup>();
        foreach (var group in desired.GroupBy(EntryGraph.GroupOf).OrderBy(group => group.Min(EntryGraph.Level)))
        {
            if (group.Key is not { } key)
            {
                // Roots of their own do not depend on each other, but on everything else: they are done at the end.
                continue;
            }

            if (frozen.Contains(key))
            {
                (IsSame(group, pinned, key) && group.All(entry => IsComplete(entry, lost, usable)) ? usable : lost).Add(key);
                continue;
            }

            var rows = Rows(group, refused, lost, usable, punting);
            (rows is null ? lost : usable).Add(key);
            foreach (var row in rows ?? [])
            {
                result.Set(row);
            }
        }

        foreach (var root in desired.Where(entry => EntryGraph.GroupOf(entry) is null && !pinnedKeys.Contains(entry.Key)))
        {
            if (Rows([root], refused, lost, usable, punting) is [var row])
            {
                result.Set(row);
            }
        }

        return new Degradation(result, punting);
    }

    // A state without any row is fine, every packet then misses; of the rest at least one entry must exist.
    private static bool IsComplete(TableEntry entry, HashSet<EntryGroup> lost, HashSet<EntryGroup> usable) =>
        EntryGraph.TargetsOf(entry).All(target =>
            target.Kind is GroupKind.State or GroupKind.Space ? !lost.Contains(target) : usable.Contains(target));

    private static List<TableEntry>? Rows(
        IEnumerable<TableEntry> group, IReadOnlySet<EntryKey> refused, HashSet<EntryGroup> lost, HashSet<EntryGroup> usable,
        Dictionary<EntryKey, TableEntry> punting)
    {
        var rows = new List<TableEntry>();
        foreach (var entry in group)
        {
            if (refused.Contains(entry.Key))
            {
                return null;
            }

            if (IsComplete(entry, lost, usable))
            {
                rows.Add(entry);
            }
            else if (Pipeline.TablesByName.GetValueOrDefault(entry.Table) is { Profile: null } table && table.Actions.Contains(ActionNames.Punt))
            {
                punting[entry.Key] = entry;
                rows.Add(entry with { Action = PipelineActions.Punt((ushort)PuntReason.NoEntry) });
            }
            else
            {
                return null;
            }
        }

        return rows;
    }

    private static bool IsSame(IEnumerable<TableEntry> group, IReadOnlyCollection<TableEntry> pinned, EntryGroup key) =>
        group.ToHashSet().SetEquals(pinned.Where(entry => EntryGraph.GroupOf(entry) == key));
}
