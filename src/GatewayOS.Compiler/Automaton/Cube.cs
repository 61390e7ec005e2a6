using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>A conjunction of tests, at most one a field, in field order. No test at all matches every packet.</summary>
public sealed class Cube : IEquatable<Cube>
{
    public static readonly Cube Any = new([]);

    private readonly int _hash;

    private Cube(ImmutableArray<Term> terms)
    {
        Terms = new EquatableArray<Term>(terms);
        _hash = Terms.GetHashCode();
    }

    public EquatableArray<Term> Terms { get; }

    public bool IsAny => Terms.Count == 0;

    public static Cube Of(KeyField field, UInt128 value, UInt128 mask) =>
        mask == 0 ? Any : new Cube([new Term(field, value & mask, mask)]);

    public Term? TermOn(KeyField field)
    {
        foreach (var term in Terms)
        {
            if (term.Field == field)
            {
                return term;
            }
        }

        return null;
    }

    /// <summary>The packets that both match, or null when there are none.</summary>
    public Cube? Intersect(Cube other)
    {
        if (IsAny || ReferenceEquals(this, other))
        {
            return other;
        }

        if (other.IsAny)
        {
            return this;
        }

        ReadOnlySpan<Term> mine = Terms.AsSpan(), others = other.Terms.AsSpan();
        var terms = new Term[mine.Length + others.Length];
        int i = 0, j = 0, count = 0;
        while (i < mine.Length || j < others.Length)
        {
            if (j == others.Length || (i < mine.Length && mine[i].Field < others[j].Field))
            {
                terms[count++] = mine[i++];
            }
            else if (i == mine.Length || others[j].Field < mine[i].Field)
            {
                terms[count++] = others[j++];
            }
            else
            {
                var (left, right) = (mine[i++], others[j++]);
                if (((left.Value ^ right.Value) & left.Mask & right.Mask) != 0)
                {
                    return null;
                }

                terms[count++] = new Term(left.Field, left.Value | right.Value, left.Mask | right.Mask);
            }
        }

        Array.Resize(ref terms, count);
        return new Cube(ImmutableCollectionsMarshal.AsImmutableArray(terms));
    }

    /// <summary>Whether every packet that <paramref name="other"/> matches is matched by this one.</summary>
    public bool Contains(Cube other)
    {
        var j = 0;
        foreach (var term in Terms)
        {
            while (j < other.Terms.Count && other.Terms[j].Field < term.Field)
            {
                j++;
            }

            if (j == other.Terms.Count || other.Terms[j].Field != term.Field
                || (other.Terms[j].Mask & term.Mask) != term.Mask
                || (other.Terms[j].Value & term.Mask) != term.Value)
            {
                return false;
            }
        }

        return true;
    }

    public bool Overlaps(Cube other)
    {
        int i = 0, j = 0;
        while (i < Terms.Count && j < other.Terms.Count)
        {
            var (left, right) = (Terms[i], other.Terms[j]);
            if (left.Field < right.Field)
            {
                i++;
            }
            else if (right.Field < left.Field)
            {
                j++;
            }
            else if (((left.Value ^ right.Value) & left.Mask & right.Mask) != 0)
            {
                return false;
            }
            else
            {
                i++;
                j++;
            }
        }

        return true;
    }

    public Cube Without(KeyField field) =>
        TermOn(field) is null ? this : new Cube([.. Terms.Where(term => term.Field != field)]);

    public bool Equals(Cube? other) => other is not null && _hash == other._hash && Terms == other.Terms;

    public override bool Equals(object? obj) => Equals(obj as Cube);

    public override int GetHashCode() => _hash;

    public override string ToString() =>
        IsAny ? "*" : string.Join(" && ", Terms.Select(term => $"{term.Field}=0x{term.Value:x}/0x{term.Mask:x}"));
}
