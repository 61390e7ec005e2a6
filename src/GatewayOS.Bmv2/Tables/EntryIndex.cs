namespace GatewayOS.Bmv2.Tables;

/// <summary>The entries of a table: hashed when all fields are exact, else partitioned by the exact ones.</summary>
internal sealed class EntryIndex(KeyShape shape)
{
    private readonly bool _isExact = shape.Limbs == shape.ExactLimbs;
    private readonly LimbMap<Entry> _entries = new();
    private readonly LimbMap<Partition> _partitions = new();
    private long _sequence;

    public int Count { get; private set; }

    /// <summary>The entry that a packet with this key hits.</summary>
    public Entry? Find(ulong[] key, ulong[] scratch)
    {
        if (_isExact)
        {
            return _entries.Find(key.AsSpan(0, shape.Limbs));
        }

        return _partitions.Find(key.AsSpan(0, shape.ExactLimbs))?.Find(key, shape.ExactLimbs, scratch);
    }

    /// <summary>The entry with the same match and priority.</summary>
    public Entry? FindSame(Entry like) => _isExact
        ? _entries.Find(like.HashKey)
        : _partitions.Find(like.Value.AsSpan(0, shape.ExactLimbs))?.FindSame(like);

    public void Add(Entry entry)
    {
        entry.Sequence = ++_sequence;
        Count++;
        if (_isExact)
        {
            _entries.Add(entry);
            return;
        }

        var exact = entry.Value.AsSpan(0, shape.ExactLimbs);
        if (_partitions.Find(exact) is not { } partition)
        {
            partition = new Partition(exact.ToArray());
            _partitions.Add(partition);
        }

        partition.Add(entry);
    }

    public void Remove(Entry entry)
    {
        Count--;
        if (_isExact)
        {
            _entries.Remove(entry);
            return;
        }

        var partition = _partitions.Find(entry.Value.AsSpan(0, shape.ExactLimbs))!;
        partition.Remove(entry);
        if (partition.IsEmpty)
        {
            _partitions.Remove(partition);
        }
    }

    public IEnumerable<Entry> Entries() => _isExact ? _entries.Nodes() : _partitions.Nodes().SelectMany(partition => partition.Entries());
}
