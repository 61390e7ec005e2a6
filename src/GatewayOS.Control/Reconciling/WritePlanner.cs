using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reconciling;

/// <summary>Finds the writes that lead from what is installed to what should be, in an order that never mixes the two (invariant I5).</summary>
/// <remarks>
/// <list type="number">
/// <item>A group whose number now means something else is taken out of use first: the roots that lead there are deleted, so that packets
/// punt, then its old rows. Numbers follow from contents, so this is rare; and not needed where the states can change one after the other so
/// that no packet meets half of the change (<see cref="ChangesInPlace"/>).</item>
/// <item>A space of class bits of which one entry changes keeps its number, if its packets come in as before: the write is atomic. With
/// more than one, packets would meet half of the change, and it is as if the number meant something else.</item>
/// <item>Inserts, what is pointed at before what points at it; roots last.</item>
/// <item>States that change in place.</item>
/// <item>Modifications of roots, which switch packets over, each by one write.</item>
/// <item>Deletes, the other way round: nothing points at an entry when it goes.</item>
/// </list>
/// The writes of one batch may be executed in any order; batches may not.
/// </remarks>
public static class WritePlanner
{
    /// <param name="installed">What the device holds.</param>
    /// <param name="writes">What leads from there to what it should hold.</param>
    /// <param name="punting">By key, the entries in whose place the device holds one that punts.</param>
    public static IReadOnlyList<IReadOnlyList<EntityUpdate>> Plan(
        InstalledEntries installed, EntryWrites writes, IReadOnlyDictionary<EntryKey, TableEntry> punting)
    {
        var (inserts, modifies, deletes) = writes;
        var reused = Reused(installed, writes with { Modifies = [.. modifies.Where(entry => !IsSame(entry, punting))] });
        IReadOnlyList<IReadOnlyList<EntryGroup>> inPlace = [];
        if (reused.Count > 0 && reused.All(group => group.Kind == GroupKind.State) && new ChangesInPlace(installed, writes).Order(reused) is { } order)
        {
            inPlace = order;
            reused.Clear();
        }

        foreach (var space in SpacesWithOneChange(installed, writes))
        {
            // Where packets stop anyway they must not start again before the write.
            if (reused.Contains(space) && (reused.Count == 1
                || !installed.RootsThatReach([space]).Overlaps(installed.RootsThatReach([.. reused.Where(other => other != space)]))))
            {
                reused.Remove(space);
            }
        }

        var unhooked = installed.RootsThatReach(reused);

        var changing = inPlace.SelectMany(layer => layer).ToHashSet();
        bool IsApart(TableEntry entry) => EntryGraph.GroupOf(entry) is not { } group || !changing.Contains(group);
        var plan = new List<IReadOnlyList<EntityUpdate>>();
        AddLevels(plan, UpdateKind.Delete, unhooked.Select(key => installed.Find(key)!), downwards: true);
        var (early, late) = Split(deletes.Where(entry => !unhooked.Contains(entry.Key)), reused);
        AddBatch(plan, UpdateKind.Delete, early);

        var hooked = Rehooked(installed, writes, unhooked).Concat(inserts.Where(EntryGraph.IsRoot));
        AddLevels(plan, UpdateKind.Insert, inserts.Where(entry => !EntryGraph.IsRoot(entry) && IsApart(entry)), downwards: false);
        // What starts to punt must not lead into a change any more, what ends to punt not yet.
        var aside = modifies.Where(entry => !EntryGraph.IsRoot(entry) && IsApart(entry)).ToLookup(IsPunt);
        AddLevels(plan, UpdateKind.Modify, aside[true], downwards: false);
        plan.AddRange(InPlace(writes, inPlace));
        AddLevels(plan, UpdateKind.Modify, aside[false], downwards: false);
        AddLevels(plan, UpdateKind.Insert, hooked, downwards: false);
        AddBatch(plan, UpdateKind.Modify, modifies.Where(entry => EntryGraph.IsRoot(entry) && !unhooked.Contains(entry.Key)));
        AddLevels(plan, UpdateKind.Delete, late.Where(IsApart), downwards: true);
        return plan;
    }

    // A row that gets another priority comes before it goes.
    private static IEnumerable<IReadOnlyList<EntityUpdate>> InPlace(EntryWrites writes, IReadOnlyList<IReadOnlyList<EntryGroup>> layers)
    {
        (UpdateKind Kind, ILookup<EntryGroup?, TableEntry> Rows)[] kinds =
        [
            (UpdateKind.Insert, writes.Inserts.ToLookup(EntryGraph.GroupOf)), (UpdateKind.Modify, writes.Modifies.ToLookup(EntryGraph.GroupOf)), (UpdateKind.Delete, writes.Deletes.ToLookup(EntryGraph.GroupOf)),
        ];
        return from layer in layers from kind in kinds let batch = Updates(kind.Kind, layer.SelectMany(state => kind.Rows[state])).ToList() where batch.Count > 0 select batch;
    }

    private static IEnumerable<EntityUpdate> Updates(UpdateKind kind, IEnumerable<TableEntry> entries) => entries.Select(entry => new EntityUpdate(kind, entry));

    // What was taken out of use, as it is to be.
    private static IEnumerable<TableEntry> Rehooked(InstalledEntries installed, EntryWrites writes, IReadOnlySet<EntryKey> unhooked)
    {
        if (unhooked.Count == 0)
        {
            return [];
        }

        var gone = writes.Deletes.Select(entry => entry.Key).ToHashSet();
        var modified = writes.Modifies.ToDictionary(entry => entry.Key);
        return unhooked.Where(key => !gone.Contains(key)).Select(key => modified.GetValueOrDefault(key) ?? installed.Find(key)!);
    }

    private static HashSet<EntryGroup> Reused(InstalledEntries installed, EntryWrites writes)
    {
        var (inserts, modifies, deletes) = writes;
        var (inserted, deleted) = (CountByGroup(inserts), CountByGroup(deletes));
        var (users, left) = (CountSpaces(inserts.Concat(modifies)), CountSpaces(deletes.Concat(modifies.Select(entry => installed.Find(entry.Key)!))));
        return inserts.Concat(deletes).Concat(modifies).Select(EntryGraph.GroupOf).OfType<EntryGroup>().Distinct()
            .Where(group => !group.IsRoot && (group.Kind == GroupKind.Space && IsUsedOn(group) || (installed.CountOf(group) is var rows and > 0
                && rows + inserted.GetValueOrDefault(group) > deleted.GetValueOrDefault(group))))
            .ToHashSet();

        bool IsUsedOn(EntryGroup space) =>
            installed.UsersOf(space) is var now and > 0 && now + users.GetValueOrDefault(space) > left.GetValueOrDefault(space);
    }

    private static Dictionary<EntryGroup, int> CountByGroup(IEnumerable<TableEntry> entries) =>
        entries.Select(EntryGraph.GroupOf).OfType<EntryGroup>().CountBy(group => group).ToDictionary();

    private static Dictionary<EntryGroup, int> CountSpaces(IEnumerable<TableEntry> entries) =>
        entries.Where(EntryGraph.IsRoot).SelectMany(EntryGraph.TargetsOf).Where(target => target.Kind == GroupKind.Space).CountBy(group => group).ToDictionary();

    private static IEnumerable<EntryGroup> SpacesWithOneChange(InstalledEntries installed, EntryWrites writes)
    {
        var changes = writes.Inserts.Concat(writes.Modifies).Concat(writes.Deletes).ToList();
        var entrances = changes.Concat(writes.Modifies.Select(entry => installed.Find(entry.Key)!)).Where(EntryGraph.IsRoot)
            .SelectMany(EntryGraph.TargetsOf).ToHashSet();
        return changes.Select(EntryGraph.GroupOf).OfType<EntryGroup>().Where(group => group.Kind == GroupKind.Space)
            .CountBy(group => group).Where(count => count.Value == 1 && !entrances.Contains(count.Key)).Select(count => count.Key);
    }

    // A row that starts to punt, or does again what it punted in place of, keeps the meaning of its group: its packets go the same way, or by software.
    private static bool IsSame(TableEntry entry, IReadOnlyDictionary<EntryKey, TableEntry> punting) =>
        IsPunt(entry) || (punting.TryGetValue(entry.Key, out var meant) && meant.Equals(entry));

    private static bool IsPunt(TableEntry entry) => entry.Action is ActionCall { Name: ActionNames.Punt };

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
        var batch = Updates(kind, entries).ToList();
        if (batch.Count > 0)
        {
            plan.Add(batch);
        }
    }
}
