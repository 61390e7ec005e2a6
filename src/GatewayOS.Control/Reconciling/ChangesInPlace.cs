using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>Finds out whether states may change while packets use them: every packet must meet at most one changed row, however far the writing is.</summary>
/// <remarks>
/// Within a state, rows of which only the action changes have packets of their own; one row may also come or go; and so may many that test a whole
/// address, if packets without a row fare as before. Across states no changed row, or changed root, may lead to another state that
/// changes, in the old entries or in the new ones (invariant I5); where a row comes or goes, nor may the rows that its packets meet without it.
/// </remarks>
internal sealed class ChangesInPlace(InstalledEntries installed, EntryWrites writes)
{
    private readonly ILookup<EntryGroup, TableEntry> _written =
        writes.Inserts.Concat(writes.Modifies).Where(entry => EntryGraph.GroupOf(entry) is not null).ToLookup(entry => EntryGraph.GroupOf(entry)!.Value);

    /// <param name="states">The states whose numbers are in use before and after.</param>
    public bool AreSafe(IReadOnlySet<EntryGroup> states)
    {
        var modified = Rows(writes.Modifies, states);
        var inserted = Rows(writes.Inserts, states);
        var deleted = Rows(writes.Deletes, states);
        return states.All(state => IsAtomic([.. modified[state]], [.. inserted[state].Concat(deleted[state])]))
            && !LeadOn(states, [.. states.SelectMany(state => inserted.Contains(state) || deleted.Contains(state) ? RowsOf(state) : modified[state])]);
    }

    private static ILookup<EntryGroup, TableEntry> Rows(IEnumerable<TableEntry> entries, IReadOnlySet<EntryGroup> states) =>
        entries.Where(entry => EntryGraph.GroupOf(entry) is { } group && states.Contains(group)).ToLookup(entry => EntryGraph.GroupOf(entry)!.Value);

    private static bool IsAtomic(List<TableEntry> modified, List<TableEntry> others) =>
        others.Count == 0 || modified.Count + others.Count == 1 || modified.Concat(others).All(TestsWholeAddress);

    private static bool TestsWholeAddress(TableEntry entry) =>
        entry.Match is [_, FieldMatch.Lpm(var field, _, var length)]
        && Pipeline.TablesByName[entry.Table].Keys.Any(key => key.Name == field && key.Width == length);

    private bool LeadOn(IReadOnlySet<EntryGroup> states, List<TableEntry> rows)
    {
        var roots = writes.Modifies.Concat(writes.Deletes).Where(EntryGraph.IsRoot).ToList();
        if (states.Count == 1 && roots.Count == 0)
        {
            // A state does not lead to itself.
            return false;
        }

        // What leads on has a higher level than what it leads to.
        var lowest = states.Min(state => EntryGraph.Level(RowsOf(state).First()));
        var reached = new HashSet<EntryGroup>();
        var pending = new Stack<EntryGroup>(rows.Concat(roots).SelectMany(Versions).SelectMany(EntryGraph.TargetsOf));
        while (pending.TryPop(out var group))
        {
            if (states.Contains(group))
            {
                return true;
            }

            // The place where packets wait for a connection has no rows.
            if (group.Kind == GroupKind.State && reached.Add(group) && RowsOf(group).FirstOrDefault() is { } any && EntryGraph.Level(any) > lowest)
            {
                foreach (var target in RowsOf(group).SelectMany(EntryGraph.TargetsOf))
                {
                    pending.Push(target);
                }
            }
        }

        return false;
    }

    private IEnumerable<TableEntry> Versions(TableEntry entry) => installed.Find(entry.Key) is { } old ? [old, entry] : [entry];

    // As they were and as they will be.
    private IEnumerable<TableEntry> RowsOf(EntryGroup state) => installed.Rows(state).Concat(_written[state]);
}
