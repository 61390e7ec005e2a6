using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>The facts that an evaluation depended on. States that agree on them are the same to it: it compares states by them.</summary>
public sealed class ReadSet : IEqualityComparer<SymbolicState>
{
    private readonly (int Root, UInt128 Mask)[] _fields;
    private readonly int _hash;

    internal ReadSet(Marks marks, (int Root, UInt128 Mask)[] fields)
    {
        (Marks, _fields) = (marks, fields);
        var hash = default(HashCode);
        hash.Add(marks);
        foreach (var field in fields)
        {
            hash.Add(field);
        }

        _hash = hash.ToHashCode();
    }

    public Marks Marks { get; }

    public ReadOnlySpan<(int Root, UInt128 Mask)> Fields => _fields;

    public bool Equals(SymbolicState? x, SymbolicState? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }

        if (x is null || y is null || !x.AgreesOn(Marks, y))
        {
            return false;
        }

        foreach (var (root, mask) in _fields)
        {
            if (!x.Peek(root).Agrees(y.Peek(root), mask))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode([DisallowNull] SymbolicState obj)
    {
        var hash = obj.HashOf(Marks);
        foreach (var (root, mask) in _fields)
        {
            hash = (hash * 31) + obj.Peek(root).HashUnder(mask);
        }

        return hash;
    }

    internal bool SameAs(ReadSet other) => _hash == other._hash && Marks == other.Marks && _fields.AsSpan().SequenceEqual(other._fields);

    internal int ContentHash => _hash;
}
