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
        foreach (var group in entries.ToArray().CountBy(entry => entry.Entry.Table))
        {
            if (_used.GetValueOrDefault(group.Key) + group.Value > tableSizes[group.Key])
            {
                Full.Add(group.Key);
                return false;
            }
        }

        foreach (var entry in entries)
        {
            _used[entry.Entry.Table] = _used.GetValueOrDefault(entry.Entry.Table) + 1;
            Entries.Add(entry);
        }

        return true;
    }
}
