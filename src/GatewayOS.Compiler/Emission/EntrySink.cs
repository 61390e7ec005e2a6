using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Emission;

/// <summary>Collects entries up to the size of each table: what does not fit is refused whole, and its packets stay with OVS (invariant I4).</summary>
internal sealed class EntrySink(IReadOnlyDictionary<string, int> tableSizes)
{
    private readonly Dictionary<string, int> _used = [];

    public List<CompiledEntry> Entries { get; } = [];

    /// <summary>Tables that refused something.</summary>
    public HashSet<string> Full { get; } = [];

    /// <summary>Adds all of the entries or none.</summary>
    public bool TryAdd(params ReadOnlySpan<CompiledEntry> entries)
    {
        var added = 0;
        for (; added < entries.Length; added++)
        {
            var table = entries[added].Entry.Table;
            ref var used = ref CollectionsMarshal.GetValueRefOrAddDefault(_used, table, out _);
            if (used == tableSizes[table])
            {
                Full.Add(table);
                break;
            }

            used++;
        }

        if (added == entries.Length)
        {
            Entries.AddRange(entries);
            return true;
        }

        foreach (var entry in entries[..added])
        {
            _used[entry.Entry.Table]--;
        }

        return false;
    }
}
