using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Finds what differs between two versions of a block.</summary>
internal static class EntryDifference
{
    /// <summary>Adds to what is known to differ. A key may have left one block for another.</summary>
    public static void Add(Dictionary<EntryKey, EntryChange> changes, ReadOnlySpan<CompiledEntry> old, ReadOnlySpan<CompiledEntry> now)
    {
        // An entry that stays is the same object, and most stay where they are.
        while (!old.IsEmpty && !now.IsEmpty && ReferenceEquals(old[0], now[0]))
        {
            old = old[1..];
            now = now[1..];
        }

        while (!old.IsEmpty && !now.IsEmpty && ReferenceEquals(old[^1], now[^1]))
        {
            old = old[..^1];
            now = now[..^1];
        }

        var (before, after) = (Set(old), Set(now));
        foreach (var entry in old)
        {
            if (!after.Contains(entry))
            {
                changes[entry.Entry.Key] = new EntryChange(entry, changes.GetValueOrDefault(entry.Entry.Key)?.New);
            }
        }

        foreach (var entry in now)
        {
            if (!before.Contains(entry))
            {
                changes[entry.Entry.Key] = new EntryChange(changes.GetValueOrDefault(entry.Entry.Key)?.Old, entry);
            }
        }
    }

    private static HashSet<object> Set(ReadOnlySpan<CompiledEntry> entries)
    {
        var set = new HashSet<object>(entries.Length, ReferenceEqualityComparer.Instance);
        foreach (var entry in entries)
        {
            set.Add(entry);
        }

        return set;
    }
}
