using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>Finds out whether states may change while packets use them, and in which order: every packet must meet the old rows or the new ones, however far the writing is.</summary>
/// <remarks>
/// <para>Within a state, rows of which only the action changes have packets of their own; rows may also come and go if no packet is tested for by two of them. One that gets another priority comes before it goes,
/// and changes nothing if no other row is passed by that.</para>
/// <para>A packet may meet changed rows of several states. The first of them decides: those that it then meets by the old row have to change later, so that it is gone from there; those that it meets by the new
/// row have to change earlier (invariant I5). One that it meets by both, or an order that goes round, forbids it. So does a root that changes, and led to a state that does.</para>
/// <para>What a packet is known by is what the changed row tests. Behind an action that writes fields, it may be any.</para>
/// </remarks>
internal sealed class ChangesInPlace(InstalledEntries installed, EntryWrites writes)
{
    /// <summary>Rows of one state that are compared with each other at most.</summary>
    private const int PairLimit = 64;

    private readonly ILookup<EntryGroup, TableEntry> _written =
        writes.Inserts.Concat(writes.Modifies).Where(entry => EntryGraph.GroupOf(entry) is not null).ToLookup(entry => EntryGraph.GroupOf(entry)!.Value);

    /// <param name="states">The states whose numbers are in use before and after.</param>
    /// <returns>The states, those that may change together, in order; null if packets have to be kept away from them meanwhile.</returns>
    public IReadOnlyList<IReadOnlyList<EntryGroup>>? Order(IReadOnlySet<EntryGroup> states)
    {
        var modified = Rows(writes.Modifies, states);
        var inserted = Rows(writes.Inserts, states);
        var deleted = Rows(writes.Deletes, states);
        if (!states.All(state => IsAtomic([.. modified[state]], [.. inserted[state]], [.. deleted[state]])))
        {
            return null;
        }

        var moved = states.SelectMany(state => inserted[state].Where(row => deleted[state].Any(old => IsSame(row, old) && !Passes(state, row, old)))).Select(row => (row.Table, row.Match)).ToHashSet();

        // What leads on has a higher level than what it leads to.
        var lowest = states.Min(state => EntryGraph.Level(RowsOf(state).First()));
        var changed = states.ToDictionary(state => state, state => (TableEntry[])[.. modified[state], .. inserted[state].Concat(deleted[state]).Where(row => !moved.Contains((row.Table, row.Match)))]);
        var roots = writes.Inserts.Concat(writes.Modifies).Concat(writes.Deletes).Where(EntryGraph.IsRoot).SelectMany(Before);
        if (Met(PacketCube.All, roots, changed, lowest).Count > 0)
        {
            return null;
        }

        var earlier = states.ToDictionary(state => state, _ => new HashSet<EntryGroup>());
        foreach (var state in states)
        {
            foreach (var row in changed[state])
            {
                var cube = PacketCube.Of(row);
                var old = Met(cube, Versions(row, installed.Find(row.Key), installed.Rows(state)), changed, lowest);
                var now = Met(cube, Versions(row, deleted[state].Contains(row) ? null : row, After(state)), changed, lowest);
                if (old.Overlaps(now))
                {
                    return null;
                }

                earlier[state].UnionWith(now);
                foreach (var other in old)
                {
                    earlier[other].Add(state);
                }
            }
        }

        return Layers(earlier);

        IEnumerable<TableEntry> After(EntryGroup state)
        {
            var gone = deleted[state].Select(row => row.Key).ToHashSet();
            var fresh = _written[state].ToDictionary(row => row.Key);
            return installed.Rows(state).Where(row => !gone.Contains(row.Key) && !fresh.ContainsKey(row.Key)).Concat(fresh.Values);
        }

        // A row that is not there leaves its packets to the others.
        static IEnumerable<TableEntry> Versions(TableEntry row, TableEntry? version, IEnumerable<TableEntry> others) =>
            version is not null ? [version] : others.Where(PacketCube.Of(row).Meets);
    }

    private static ILookup<EntryGroup, TableEntry> Rows(IEnumerable<TableEntry> entries, IReadOnlySet<EntryGroup> states) =>
        entries.Where(entry => EntryGraph.GroupOf(entry) is { } group && states.Contains(group)).ToLookup(entry => EntryGraph.GroupOf(entry)!.Value);

    // Of two rows with the same test one may come and the other go: that is a row that moves.
    private static bool IsAtomic(List<TableEntry> modified, List<TableEntry> inserted, List<TableEntry> deleted)
    {
        if (inserted.Count + deleted.Count == 0 || modified.Count + inserted.Count + deleted.Count == 1)
        {
            return true;
        }

        var (coming, going) = (modified.Concat(inserted).Select(row => row.Match).ToHashSet(), modified.Concat(deleted).Select(row => row.Match).ToHashSet());
        var tests = modified.Concat(inserted).Concat(deleted).DistinctBy(row => row.Match).ToList();
        return coming.Count == modified.Count + inserted.Count && going.Count == modified.Count + deleted.Count && (tests.All(TestsWholeAddress)
            || (tests.Count <= PairLimit && tests.Select(PacketCube.Of).Index().All(one => !tests.Skip(one.Index + 1).Any(one.Item.Meets))));
    }

    private static bool TestsWholeAddress(TableEntry entry) =>
        entry.Match is [_, FieldMatch.Lpm(var field, _, var length)]
        && Pipeline.TablesByName[entry.Table].Keys.Any(key => key.Name == field && key.Width == length);

    private static bool IsSame(TableEntry row, TableEntry old) => row.Match.Equals(old.Match) && row.Action.Equals(old.Action);

    // Whether the row is now before, or behind, another one that does something else to packets of it.
    private bool Passes(EntryGroup state, TableEntry row, TableEntry old)
    {
        var (low, high) = (Math.Min(row.Priority, old.Priority), Math.Max(row.Priority, old.Priority));
        var cube = PacketCube.Of(row);
        return RowsOf(state).Any(other => other.Priority >= low && other.Priority <= high && !other.Action.Equals(row.Action) && cube.Meets(other));
    }

    // The changed states of which packets of the cube may meet a changed row, by one of these rows.
    private HashSet<EntryGroup> Met(PacketCube cube, IEnumerable<TableEntry> from, Dictionary<EntryGroup, TableEntry[]> changed, int lowest)
    {
        var met = new HashSet<EntryGroup>();
        var reached = new HashSet<(EntryGroup State, bool IsKnown)>();
        var pending = new Stack<(EntryGroup State, bool IsKnown)>();
        Follow(from, isKnown: true);
        while (pending.TryPop(out var place))
        {
            var (state, isKnown) = place;
            var packets = isKnown ? cube : PacketCube.All;
            // The place where packets wait for a connection has no rows.
            if (state.Kind != GroupKind.State || !reached.Add(place) || RowsOf(state).FirstOrDefault() is not { } any || EntryGraph.Level(any) < lowest)
            {
                continue;
            }

            if (changed.TryGetValue(state, out var rows) && rows.Any(packets.Meets))
            {
                met.Add(state);
            }

            Follow(RowsOf(state).Where(packets.Meets), isKnown);
        }

        return met;

        void Follow(IEnumerable<TableEntry> rows, bool isKnown)
        {
            foreach (var row in rows)
            {
                var keeps = isKnown && row.Action is ActionCall { Name: ActionNames.Go or ActionNames.Enter };
                foreach (var target in EntryGraph.TargetsOf(row))
                {
                    pending.Push((target, keeps));
                }
            }
        }
    }

    // What a packet at this root met before: of a new one a less specific one of its group, if any.
    private IEnumerable<TableEntry> Before(TableEntry root) =>
        installed.Find(root.Key) is { } old ? [old] : EntryGraph.GroupOf(root) is { } group ? installed.Rows(group) : [];

    // As they were and as they will be.
    private IEnumerable<TableEntry> RowsOf(EntryGroup state) => installed.Rows(state).Concat(_written[state]);

    private static List<IReadOnlyList<EntryGroup>>? Layers(Dictionary<EntryGroup, HashSet<EntryGroup>> earlier)
    {
        var layers = new List<IReadOnlyList<EntryGroup>>();
        while (earlier.Count > 0)
        {
            var layer = earlier.Where(state => !state.Value.Overlaps(earlier.Keys)).Select(state => state.Key).ToList();
            if (layer.Count == 0)
            {
                return null;
            }

            layers.Add(layer);
            layer.ForEach(state => earlier.Remove(state));
        }

        return layers;
    }
}
