using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reconciling;

/// <summary>Finds the writes that lead from what is installed to what should be, in an order that never mixes the two (invariant I5).</summary>
/// <remarks>
/// <list type="number">
/// <item>A group whose number now means something else is taken out of use first: the roots that lead there are deleted, so that packets
/// punt, then its old rows. Numbers follow from contents, so this is rare.</item>
/// <item>A space of class bits of which one entry changes keeps its number, if its packets come in as before: the write is atomic. With
/// more than one, packets would meet half of the change, and it is as if the number meant something else.</item>
/// <item>Inserts, what is pointed at before what points at it; roots last.</item>
/// <item>Modifications, which switch packets over, each by one write.</item>
/// <item>Deletes, the other way round: nothing points at an entry when it goes.</item>
/// </list>
/// The writes of one batch may be executed in any order; batches may not.
/// </remarks>
public static class WritePlanner
{
    /// <param name="installed">What the device holds.</param>
    /// <param name="target">What it should hold.</param>
    /// <param name="punting">By key, the entries in whose place the device holds one that punts.</param>
    public static IReadOnlyList<IReadOnlyList<EntityUpdate>> Plan(
        InstalledEntries installed, InstalledEntries target, IReadOnlyDictionary<EntryKey, TableEntry> punting)
    {
        var inserts = target.All.Where(entry => installed.Find(entry.Key) is null).ToList();
        var modifies = target.All.Where(entry => installed.Find(entry.Key) is { } old && !old.Equals(entry)).ToList();
        var deletes = installed.All.Where(entry => target.Find(entry.Key) is null).ToList();
        var reused = Reused(installed, target, inserts, modifies.Where(entry => !IsSame(entry, punting)), deletes);
        foreach (var space in SpacesWithOneChange(installed, inserts, modifies, deletes))
        {
            // Where packets stop anyway they must not start again before the write.
            if (reused.Contains(space) && !installed.RootsThatReach([space]).Overlaps(installed.RootsThatReach([.. reused.Where(other => other != space)])))
            {
                reused.Remove(space);
            }
        }

        var unhooked = installed.RootsThatReach(reused);

        var plan = new List<IReadOnlyList<EntityUpdate>>();
        AddLevels(plan, UpdateKind.Delete, unhooked.Select(key => installed.Find(key)!), downwards: true);
        var (early, late) = Split(deletes.Where(entry => !unhooked.Contains(entry.Key)), reused);
        AddBatch(plan, UpdateKind.Delete, early);

        var hooked = unhooked.Select(target.Find).OfType<TableEntry>().Concat(inserts.Where(EntryGraph.IsRoot));
        AddLevels(plan, UpdateKind.Insert, inserts.Where(entry => !EntryGraph.IsRoot(entry)), downwards: false);
        AddLevels(plan, UpdateKind.Modify, modifies.Where(entry => !EntryGraph.IsRoot(entry)), downwards: false);
        AddLevels(plan, UpdateKind.Insert, hooked, downwards: false);
        AddBatch(plan, UpdateKind.Modify, modifies.Where(entry => EntryGraph.IsRoot(entry) && !unhooked.Contains(entry.Key)));
        AddLevels(plan, UpdateKind.Delete, late, downwards: true);
        return plan;
    }

    private static HashSet<EntryGroup> Reused(
        InstalledEntries installed, InstalledEntries target, List<TableEntry> inserts, IEnumerable<TableEntry> changed, List<TableEntry> deletes)
    {
        return inserts.Concat(deletes).Concat(changed).Select(EntryGraph.GroupOf).OfType<EntryGroup>()
            .Where(group => !group.IsRoot && ((installed.HasGroup(group) && target.HasGroup(group)) || (group.Kind == GroupKind.Space && IsUsed(installed, group) && IsUsed(target, group))))
            .ToHashSet();
    }

    // A space is in use without any entry too: its addresses are in no set.
    private static bool IsUsed(InstalledEntries entries, EntryGroup space) =>
        entries.All.Any(entry => EntryGraph.IsRoot(entry) && EntryGraph.TargetsOf(entry).Contains(space));

    private static IEnumerable<EntryGroup> SpacesWithOneChange(
        InstalledEntries installed, List<TableEntry> inserts, List<TableEntry> modifies, List<TableEntry> deletes)
    {
        var changes = inserts.Concat(modifies).Concat(deletes).ToList();
        var entrances = changes.Concat(modifies.Select(entry => installed.Find(entry.Key)!)).Where(EntryGraph.IsRoot)
            .SelectMany(EntryGraph.TargetsOf).ToHashSet();
        return changes.Select(EntryGraph.GroupOf).OfType<EntryGroup>().Where(group => group.Kind == GroupKind.Space)
            .CountBy(group => group).Where(count => count.Value == 1 && !entrances.Contains(count.Key)).Select(count => count.Key);
    }

    // A row that starts to punt, or does again what it punted in place of, keeps the meaning of its group: its packets go the same way, or by software.
    private static bool IsSame(TableEntry entry, IReadOnlyDictionary<EntryKey, TableEntry> punting) =>
        entry.Action is ActionCall { Name: ActionNames.Punt } || (punting.TryGetValue(entry.Key, out var meant) && meant.Equals(entry));

    private static (List<TableEntry> Early, List<TableEntry> Late) Split(IEnumerable<TableEntry> deletes, HashSet<EntryGroup> reused)
    {
        var halves = deletes.ToLookup(entry => EntryGraph.GroupOf(entry) is { } group && reused.Contains(group));
        return ([.. halves[true]], [.. halves[false]]);
    }

    private static void AddLevels(List<IReadOnlyList<EntityUpdate>> plan, UpdateKind kind, IEnumerable<TableEntry> entries, bool downwards)
    {
        var levels = entries.GroupBy(EntryGraph.Level);
        foreach (var level in downwards ? levels.OrderByDescending(level => level.Key) : levels.OrderBy(level => level.Key))
        {
            AddBatch(plan, kind, level);
        }
    }

    private static void AddBatch(List<IReadOnlyList<EntityUpdate>> plan, UpdateKind kind, IEnumerable<TableEntry> entries)
    {
        var batch = entries.Select(entry => new EntityUpdate(kind, entry)).ToList();
        if (batch.Count > 0)
        {
            plan.Add(batch);
        }
    }
}
