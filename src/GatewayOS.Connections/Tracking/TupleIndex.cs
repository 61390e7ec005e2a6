using System.Runtime.InteropServices;

namespace GatewayOS.Connections.Tracking;

/// <summary>Finds records by (zone, tuple) of either direction: a hash table with linear probing, two slots a connection.</summary>
/// <remarks>
/// A slot holds the hash and the reference (record number * 2 + direction, plus 1; 0 is an empty slot), so growing and most misses need not look at
/// records. Removal moves what follows back, hence no tombstones. <see cref="HashCode"/> is seeded per process: who chooses addresses and
/// ports cannot choose collisions.
/// </remarks>
internal sealed class TupleIndex(ConnectionTable records)
{
    private Slot[] _slots = new Slot[1024];
    private int _used;

    /// <returns>The record's number and the direction that has the tuple, or null.</returns>
    public (int Number, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple)
    {
        var hash = Hash(zone, tuple);
        for (var i = Home(hash); _slots[i].Reference != 0; i = Next(i))
        {
            if (_slots[i].Hash == hash)
            {
                var (number, direction) = Decode(_slots[i].Reference);
                ref var record = ref records[number];
                if (record.Zone == zone && record.Tuple(direction) == tuple)
                {
                    return (number, direction);
                }
            }
        }

        return null;
    }

    /// <summary>Takes in both tuples of a record; neither may be there yet.</summary>
    public void Add(int number)
    {
        if ((_used + 2) * 4L > _slots.Length * 3L)
        {
            Grow();
        }

        ref var record = ref records[number];
        Insert(new Slot(Hash(record.Zone, record.Original), Encode(number, ConnectionDirection.Original)));
        Insert(new Slot(Hash(record.Zone, record.Reply), Encode(number, ConnectionDirection.Reply)));
        _used += 2;
    }

    public void Remove(int number)
    {
        ref var record = ref records[number];
        Remove(Hash(record.Zone, record.Original), Encode(number, ConnectionDirection.Original));
        Remove(Hash(record.Zone, record.Reply), Encode(number, ConnectionDirection.Reply));
        _used -= 2;
    }

    private static uint Hash(ushort zone, in ConnectionTuple tuple)
    {
        var hash = default(HashCode);
        hash.Add((uint)zone << 16 | (uint)tuple.Protocol << 8 | (tuple.IsIpv6 ? 1u : 0u));
        hash.Add((uint)tuple.SourcePort << 16 | tuple.DestinationPort);
        hash.Add((uint)tuple.Source);
        hash.Add((uint)tuple.Destination);
        if (tuple.IsIpv6)
        {
            for (var shift = 32; shift < 128; shift += 32)
            {
                hash.Add((uint)(tuple.Source >> shift));
                hash.Add((uint)(tuple.Destination >> shift));
            }
        }

        return (uint)hash.ToHashCode();
    }

    private static uint Encode(int number, ConnectionDirection direction) => ((uint)number << 1 | (uint)direction) + 1;

    private static (int Number, ConnectionDirection Direction) Decode(uint reference) =>
        ((int)(reference - 1 >> 1), (ConnectionDirection)(reference - 1 & 1));

    private int Home(uint hash) => (int)(hash & (uint)_slots.Length - 1);

    private int Next(int slot) => slot + 1 & _slots.Length - 1;

    private void Insert(Slot slot)
    {
        var i = Home(slot.Hash);
        while (_slots[i].Reference != 0)
        {
            i = Next(i);
        }

        _slots[i] = slot;
    }

    private void Remove(uint hash, uint reference)
    {
        var hole = Home(hash);
        while (_slots[hole].Reference != reference)
        {
            hole = Next(hole);
        }

        // A slot may move back to the hole unless its home lies behind the hole.
        for (var i = Next(hole); _slots[i].Reference != 0; i = Next(i))
        {
            var distance = i - Home(_slots[i].Hash) & _slots.Length - 1;
            if (distance >= (i - hole & _slots.Length - 1))
            {
                _slots[hole] = _slots[i];
                hole = i;
            }
        }

        _slots[hole] = default;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new Slot[old.Length * 2];
        foreach (var slot in old)
        {
            if (slot.Reference != 0)
            {
                Insert(slot);
            }
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Slot(uint Hash, uint Reference);
}
