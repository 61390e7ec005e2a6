namespace GatewayOS.Bmv2.Tables;

/// <summary>All entries with the same exact fields: a tuple space (Srinivasan 1999), one hash table a mask, searched by falling priority.</summary>
/// <remarks>
/// The exact fields of our programs include the automaton's state, so a partition has few masks even when the table has thousands.
/// For prefixes the priority is the length, and the search ends at the first hit.
/// </remarks>
internal sealed class Partition(ulong[] exact) : LimbNode<Partition>(exact, 0, exact.Length)
{
    private MaskGroup[] _groups = [];

    public bool IsEmpty => _groups.Length == 0;

    /// <param name="key">The key of the packet, with the exact fields.</param>
    /// <param name="exactLimbs">How many limbs of the key precede those that are masked.</param>
    /// <param name="scratch">Room for the masked key.</param>
    public Entry? Find(ulong[] key, int exactLimbs, ulong[] scratch)
    {
        Entry? best = null;
        foreach (var group in _groups)
        {
            if (best is not null && best.Priority > group.MaxPriority)
            {
                break;
            }

            var mask = group.Mask;
            for (var i = 0; i < mask.Length; i++)
            {
                scratch[i] = key[exactLimbs + i] & mask[i];
            }

            var masked = scratch.AsSpan(0, mask.Length);
            var hash = LimbMap<Entry>.Hash(masked);
            for (var entry = group.Entries.Chain(hash); entry is not null; entry = entry.Next)
            {
                if (entry.Has(hash, masked) && (best is null || best.BeatenBy(entry)) && (entry.Ranges is null || entry.RangesHold(key)))
                {
                    best = entry;
                }
            }
        }

        return best;
    }

    /// <summary>The entry with the same match and priority.</summary>
    public Entry? FindSame(Entry like)
    {
        var group = Array.Find(_groups, group => group.Mask.AsSpan().SequenceEqual(like.Mask));
        var hash = LimbMap<Entry>.Hash(like.HashKey);
        for (var entry = group?.Entries.Chain(hash); entry is not null; entry = entry.Next)
        {
            if (entry.Has(hash, like.HashKey) && entry.Priority == like.Priority && entry.Ranges.AsSpan().SequenceEqual(like.Ranges))
            {
                return entry;
            }
        }

        return null;
    }

    public void Add(Entry entry)
    {
        var group = Array.Find(_groups, group => group.Mask.AsSpan().SequenceEqual(entry.Mask));
        if (group is null)
        {
            group = new MaskGroup(entry.Mask);
            _groups = [.. _groups, group];
        }

        group.Entries.Add(entry);
        if (entry.Priority > group.MaxPriority)
        {
            group.MaxPriority = entry.Priority;
            Array.Sort(_groups, (left, right) => right.MaxPriority.CompareTo(left.MaxPriority));
        }
    }

    public void Remove(Entry entry)
    {
        var group = Array.Find(_groups, group => group.Mask.AsSpan().SequenceEqual(entry.Mask))!;
        group.Entries.Remove(entry);
        if (group.Entries.Count == 0)
        {
            _groups = Array.FindAll(_groups, other => other != group);
        }
    }

    public IEnumerable<Entry> Entries() => _groups.SelectMany(group => group.Entries.Nodes());
}
