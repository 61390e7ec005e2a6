using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>A set of entries by identity, with its groups and who points at them.</summary>
public sealed class InstalledEntries
{
    private readonly Dictionary<EntryKey, TableEntry> _entries = [];
    private readonly Dictionary<EntryGroup, HashSet<EntryKey>> _groups = [];
    private readonly Dictionary<EntryGroup, int> _spaceUsers = [];

    // Counted from the first question on: most sets are asked none.
    private EntryPointers? _pointers;

    public InstalledEntries()
    {
    }

    public InstalledEntries(IEnumerable<TableEntry> entries)
    {
        foreach (var entry in entries)
        {
            Set(entry);
        }
    }

    public int Count => _entries.Count;

    public IReadOnlyCollection<TableEntry> All => _entries.Values;

    public TableEntry? Find(EntryKey key) => _entries.GetValueOrDefault(key);

    /// <summary>The number of rows of a group; 0 if there is no such group.</summary>
    public int CountOf(EntryGroup group) => _groups.GetValueOrDefault(group)?.Count ?? 0;

    /// <summary>How many roots name the space of class bits: it is in use without any row too, its addresses are in no set then.</summary>
    public int UsersOf(EntryGroup space) => _spaceUsers.GetValueOrDefault(space);

    /// <summary>The rows of a group; none if there is no such group.</summary>
    public IEnumerable<TableEntry> Rows(EntryGroup group) =>
        _groups.TryGetValue(group, out var keys) ? keys.Select(key => _entries[key]) : [];

    public void Set(TableEntry entry)
    {
        var key = entry.Key;
        CountTargets(_entries.GetValueOrDefault(key), -1);
        CountTargets(entry, 1);
        _entries[key] = entry;
        if (EntryGraph.GroupOf(entry) is { } group)
        {
            if (!_groups.TryGetValue(group, out var keys))
            {
                _groups.Add(group, keys = []);
            }

            keys.Add(key);
        }
    }

    public void Remove(EntryKey key)
    {
        if (!_entries.Remove(key, out var entry))
        {
            return;
        }

        CountTargets(entry, -1);
        if (EntryGraph.GroupOf(entry) is { } group && _groups[group] is var keys && keys.Remove(key) && keys.Count == 0)
        {
            _groups.Remove(group);
        }
    }

    private void CountTargets(TableEntry? entry, int sign)
    {
        if (entry is null)
        {
            return;
        }

        _pointers?.Count(entry, sign);
        if (EntryGraph.IsRoot(entry))
        {
            foreach (var space in EntryGraph.TargetsOf(entry).Where(target => target.Kind == GroupKind.Space))
            {
                _spaceUsers[space] = _spaceUsers.GetValueOrDefault(space) + sign;
            }
        }
    }

    /// <summary>The entries, all that can be reached from them, and what shadows them.</summary>
    public IReadOnlySet<EntryKey> Closure(IEnumerable<EntryKey> from)
    {
        var reached = new HashSet<EntryKey>();
        var pending = new Queue<EntryKey>(from);
        while (pending.TryDequeue(out var key))
        {
            if (!_entries.TryGetValue(key, out var entry) || !reached.Add(key))
            {
                continue;
            }

            var shadows = EntryGraph.GroupOf(entry) is { IsRoot: true } own ? Rows(own) : [];
            foreach (var row in EntryGraph.TargetsOf(entry).SelectMany(Rows).Concat(shadows))
            {
                pending.Enqueue(row.Key);
            }
        }

        return reached;
    }

    /// <summary>The roots from which a packet may reach one of the groups, with all that share a group with them.</summary>
    public IReadOnlySet<EntryKey> RootsThatReach(IReadOnlyCollection<EntryGroup> groups)
    {
        var roots = new HashSet<EntryKey>();
        if (groups.Count == 0)
        {
            return roots;
        }

        var pointers = _pointers ??= PointersOf(_entries.Values);
        var reached = groups.ToHashSet();
        var pending = new Queue<EntryGroup>(groups);
        while (pending.TryDequeue(out var target))
        {
            roots.UnionWith(pointers.RootsAt(target));
            foreach (var group in pointers.GroupsAt(target))
            {
                if (group.IsRoot)
                {
                    roots.UnionWith(Rows(group).Select(row => row.Key));
                }
                else if (reached.Add(group))
                {
                    pending.Enqueue(group);
                }
            }
        }

        return roots;
    }

    private static EntryPointers PointersOf(IEnumerable<TableEntry> entries)
    {
        var pointers = new EntryPointers();
        foreach (var entry in entries)
        {
            pointers.Count(entry, 1);
        }

        return pointers;
    }
}
