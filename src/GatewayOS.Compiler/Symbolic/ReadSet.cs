using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>The facts that an evaluation depended on. States that agree on them are the same to it: it compares states by them.</summary>
public sealed class ReadSet : IEqualityComparer<SymbolicState>
{
    private readonly (int Root, UInt128 Mask)[] _fields;
    private readonly string[] _inPorts;
    private readonly int _hash;

    internal ReadSet(Marks marks, string[] inPorts, (int Root, UInt128 Mask)[] fields)
    {
        (Marks, _inPorts, _fields) = (marks, inPorts, fields);
        var hash = default(HashCode);
        hash.Add(marks);
        foreach (var name in inPorts)
        {
            hash.Add(name);
        }

        foreach (var field in fields)
        {
            hash.Add(field);
        }

        _hash = hash.ToHashCode();
    }

    public Marks Marks { get; }

    /// <summary>The logical ports that it asked whether the packet came by, in order; none when it asked by which (<see cref="Marks"/>).</summary>
    public ReadOnlySpan<string> InPorts => _inPorts;

    public ReadOnlySpan<(int Root, UInt128 Mask)> Fields => _fields;

    public bool Equals(SymbolicState? x, SymbolicState? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }

        if (x is null || y is null || !x.AgreesOn(Marks, y) || (_inPorts.Length > 0 && x.InPortAmong(_inPorts) != y.InPortAmong(_inPorts)))
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
        var hash = obj.HashOf(Marks) + (_inPorts.Length > 0 ? obj.InPortAmong(_inPorts) : 0);
        foreach (var (root, mask) in _fields)
        {
            hash = (hash * 31) + obj.Peek(root).HashUnder(mask);
        }

        return hash;
    }

    internal bool SameAs(ReadSet other) => _hash == other._hash && Marks == other.Marks && _inPorts.AsSpan().SequenceEqual(other._inPorts) && _fields.AsSpan().SequenceEqual(other._fields);

    internal int ContentHash => _hash;
}
