using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Holds the entries, up to the size of each table: what does not fit is refused whole, and its packets stay with OVS (invariant I4).</summary>
internal sealed class EntrySink(IReadOnlyDictionary<string, int> tableSizes)
{
    private readonly Dictionary<string, int> _used = [];
    private readonly ImmutableDictionary<BlockKey, CompiledEntry[]>.Builder _blocks = ImmutableDictionary.CreateBuilder<BlockKey, CompiledEntry[]>();
    private readonly Dictionary<BlockKey, CompiledEntry[]> _before = [];
    private bool _hasSettled;
    private int _count;

    /// <summary>Tables that refused something.</summary>
    public HashSet<string> Full { get; } = [];

    /// <summary>Whether something got no number.</summary>
    public bool IsOutOfNumbers { get; set; }

    /// <summary>Whether something was left out.</summary>
    public bool IsFull => Full.Count > 0 || IsOutOfNumbers;

    /// <summary>Writes all of the entries, in the place of those that the block has, or none.</summary>
    public bool TryPut(BlockKey key, params CompiledEntry[] entries)
    {
        var old = _blocks.GetValueOrDefault(key, []);
        Count(old, -1);
        Count(entries, 1);
        if (Overflow(entries) is { } full)
        {
            Full.Add(full);
            Count(entries, -1);
            Count(old, 1);
            return false;
        }

        Note(key, old);
        _blocks[key] = entries;
        return true;
    }

    public void Remove(BlockKey key)
    {
        if (_blocks.TryGetValue(key, out var old))
        {
            Count(old, -1);
            Note(key, old);
            _blocks.Remove(key);
        }
    }

    /// <summary>Ends a compilation.</summary>
    /// <returns>The entries, and how they differ from those of the compilation before; null if there was none.</returns>
    public (CompiledEntries Entries, IReadOnlyList<EntryChange>? Changes) Settle()
    {
        if (!_hasSettled)
        {
            _hasSettled = true;
            return (new CompiledEntries(_blocks.ToImmutable(), _count), null);
        }

        var changes = new Dictionary<EntryKey, EntryChange>();
        foreach (var (key, old) in _before)
        {
            EntryDifference.Add(changes, old, _blocks.GetValueOrDefault(key, []));
        }

        _before.Clear();
        return (new CompiledEntries(_blocks.ToImmutable(), _count), [.. changes.Values.Where(change => change.Old != change.New)]);
    }

    private void Note(BlockKey key, CompiledEntry[] old) => _ = _hasSettled && _before.TryAdd(key, old);

    private void Count(CompiledEntry[] entries, int sign)
    {
        _count += sign * entries.Length;
        foreach (var entry in entries)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_used, entry.Entry.Table, out _) += sign;
        }
    }

    private string? Overflow(CompiledEntry[] entries)
    {
        foreach (var entry in entries)
        {
            // What is no table of the program has a bound by its numbers.
            if (_used[entry.Entry.Table] > tableSizes.GetValueOrDefault(entry.Entry.Table, int.MaxValue))
            {
                return entry.Entry.Table;
            }
        }

        return null;
    }
}
