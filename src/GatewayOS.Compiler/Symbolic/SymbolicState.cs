using System.Collections.Immutable;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>What is known of a packet at one place of the logical pipelines. Immutable; compares by content.</summary>
public sealed class SymbolicState : IEquatable<SymbolicState>
{
    private readonly RootCatalog _roots;
    private readonly ImmutableArray<(int Root, Bits Value)> _written;
    private readonly int _hash;

    private SymbolicState(RootCatalog roots, ImmutableArray<(int Root, Bits Value)> written, Ports ports, Passage passage)
    {
        (_roots, _written, Logical, Passage) = (roots, written, ports, passage);
        var hash = default(HashCode);
        hash.Add(ports);
        hash.Add(passage);
        foreach (var (root, value) in written)
        {
            hash.Add(root);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    public SymbolicState(RootCatalog roots, Ports ports, Passage passage)
        : this(roots, [], ports, passage)
    {
    }

    public PacketClass Class => _roots.Class;

    public Ports Logical { get; }

    public Passage Passage { get; }

    public Bits this[StorageBits bits] => Root(_roots.IndexOf(bits.Root)).Slice(bits.Offset, bits.Width);

    public SymbolicState With(StorageBits bits, Bits value)
    {
        var root = _roots.IndexOf(bits.Root);
        return WithRoot(root, Root(root).With(bits.Offset, value));
    }

    public SymbolicState With(Ports ports) => new(_roots, _written, ports, Passage);

    public SymbolicState With(Passage passage) => new(_roots, _written, Logical, passage);

    /// <summary>Forgets what was written to roots of this kind: they hold what they held at entry.</summary>
    public SymbolicState Cleared(RootKind kind) => Keep((root, value) => _roots.Kind(root) == kind ? null : value);

    /// <summary>The state with roots dropped (null) or replaced, for instance when nothing reads them any more.</summary>
    public SymbolicState Keep(Func<int, Bits, Bits?> keep)
    {
        var changed = false;
        var written = ImmutableArray.CreateBuilder<(int, Bits)>(_written.Length);
        foreach (var (root, value) in _written)
        {
            var kept = keep(root, value);
            changed |= !ReferenceEquals(kept, value);
            if (kept is not null && !kept.Equals(_roots.Initial(root)))
            {
                written.Add((root, kept));
            }
        }

        return changed ? new(_roots, written.ToImmutable(), Logical, Passage) : this;
    }

    public bool Equals(SymbolicState? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && Logical == other.Logical && Passage == other.Passage
            && _written.AsSpan().SequenceEqual(other._written.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as SymbolicState);

    public override int GetHashCode() => _hash;

    private Bits Root(int root)
    {
        foreach (var (written, value) in _written)
        {
            if (written == root)
            {
                return value;
            }
        }

        return _roots.Initial(root);
    }

    private SymbolicState WithRoot(int root, Bits value)
    {
        var isInitial = value.Equals(_roots.Initial(root));
        for (var i = 0; i < _written.Length; i++)
        {
            if (_written[i].Root == root)
            {
                var replaced = isInitial ? _written.RemoveAt(i) : _written.SetItem(i, (root, value));
                return new(_roots, replaced, Logical, Passage);
            }

            if (_written[i].Root > root)
            {
                return isInitial ? this : new(_roots, _written.Insert(i, (root, value)), Logical, Passage);
            }
        }

        return isInitial ? this : new(_roots, _written.Add((root, value)), Logical, Passage);
    }
}
