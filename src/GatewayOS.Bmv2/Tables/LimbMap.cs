using System.Runtime.CompilerServices;

namespace GatewayOS.Bmv2.Tables;

/// <summary>A hash table whose nodes hold their own keys of limbs; nodes with equal keys may coexist and are chained.</summary>
internal sealed class LimbMap<TNode>
    where TNode : LimbNode<TNode>
{
    private TNode?[] _buckets = new TNode?[4];

    public int Count { get; private set; }

    /// <summary>The first node of the chain that may hold the key; follow <see cref="LimbNode{TNode}.Next"/> and compare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TNode? Chain(ulong hash) => _buckets[hash & (ulong)(_buckets.Length - 1)];

    /// <summary>The first node with this key.</summary>
    public TNode? Find(ReadOnlySpan<ulong> key)
    {
        var hash = Hash(key);
        for (var node = Chain(hash); node is not null; node = node.Next)
        {
            if (node.Has(hash, key))
            {
                return node;
            }
        }

        return null;
    }

    public void Add(TNode node)
    {
        node.Hash = Hash(node.HashKey);
        if (Count >= _buckets.Length)
        {
            Grow();
        }

        ref var bucket = ref _buckets[node.Hash & (ulong)(_buckets.Length - 1)];
        node.Next = bucket;
        bucket = node;
        Count++;
    }

    public void Remove(TNode node)
    {
        ref var link = ref _buckets[node.Hash & (ulong)(_buckets.Length - 1)];
        while (link != node)
        {
            link = ref link!.Next;
        }

        link = node.Next;
        node.Next = null;
        Count--;
    }

    public IEnumerable<TNode> Nodes()
    {
        foreach (var first in _buckets)
        {
            for (var node = first; node is not null; node = node.Next)
            {
                yield return node;
            }
        }
    }

    public static ulong Hash(ReadOnlySpan<ulong> key)
    {
        // A multiplication folds every bit of a limb into the upper half; the last fold brings it down to the bucket bits.
        var hash = 0x9e3779b97f4a7c15;
        foreach (var limb in key)
        {
            var high = Math.BigMul(hash ^ limb, 0xd6e8feb86659fd93, out var low);
            hash = high ^ low;
        }

        return hash ^ hash >> 32;
    }

    private void Grow()
    {
        var old = _buckets;
        _buckets = new TNode?[old.Length * 2];
        foreach (var first in old)
        {
            for (var node = first; node is not null;)
            {
                var next = node.Next;
                ref var bucket = ref _buckets[node.Hash & (ulong)(_buckets.Length - 1)];
                node.Next = bucket;
                bucket = node;
                node = next;
            }
        }
    }
}
