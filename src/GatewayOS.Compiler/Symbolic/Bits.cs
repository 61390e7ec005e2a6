using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>A symbolic value: a row of segments from bit 0 up, without gaps, neighbours merged where they can be.</summary>
public sealed class Bits : IEquatable<Bits>
{
    // Most of what is asked for is a flag, or a register that nobody has written.
    private static readonly Bits[] s_zeros = [.. Enumerable.Range(0, 129).Select(width => new Bits([new Segment(0, width, Knowledge.Constant, 0, default, 0)]))];
    private static readonly Bits s_one = new([new Segment(0, 1, Knowledge.Constant, 1, default, 0)]);

    private Bits(ImmutableArray<Segment> segments) => Segments = new EquatableArray<Segment>(segments);

    public EquatableArray<Segment> Segments { get; }

    public int Width => Segments[^1].End;

    public static Bits Constant(int width, UInt128 value) => (value & Ones(width)) switch
    {
        var zero when zero == 0 => s_zeros[width],
        _ when width == 1 => s_one,
        var bits => new([new Segment(0, width, Knowledge.Constant, bits, default, 0)]),
    };

    public static Bits Unknown(int width) => new([new Segment(0, width, Knowledge.Unknown, 0, default, 0)]);

    public static Bits Alias(int width, KeyField field) => new([new Segment(0, width, Knowledge.Alias, 0, field, 0)]);

    public static UInt128 Ones(int width) => width == 0 ? 0 : UInt128.MaxValue >> (128 - width);

    /// <summary>The value if all bits are constant.</summary>
    public UInt128? ConstantValue => Segments is [{ Knowledge: Knowledge.Constant } only] ? only.Value : null;

    public Bits Slice(int offset, int width)
    {
        if (offset == 0 && width == Width)
        {
            return this;
        }

        var (first, count) = (0, 0);
        var segments = Segments.AsSpan();
        while (segments[first].End <= offset)
        {
            first++;
        }

        while (first + count < segments.Length && segments[first + count].Offset < offset + width)
        {
            count++;
        }

        if (count == 1)
        {
            var part = segments[first].Part(offset, offset + width);
            return part.Knowledge == Knowledge.Constant ? Constant(width, part.Value) : new Bits([part]);
        }

        var parts = new Segment[count];
        for (var i = 0; i < count; i++)
        {
            parts[i] = segments[first + i].Part(offset, offset + width);
        }

        return new Bits(ImmutableCollectionsMarshal.AsImmutableArray(parts));
    }

    /// <summary>This value with the bits from <paramref name="offset"/> up replaced.</summary>
    public Bits With(int offset, Bits part)
    {
        if (offset == 0 && part.Width == Width)
        {
            return part;
        }

        // At most one segment is cut in two.
        Span<Segment> result = stackalloc Segment[Segments.Count + part.Segments.Count + 1];
        var (count, rest) = (0, offset + part.Width);
        foreach (var segment in Segments.AsSpan())
        {
            if (segment.Offset < offset)
            {
                Append(result, ref count, segment.Part(0, offset));
            }
        }

        foreach (var segment in part.Segments.AsSpan())
        {
            Append(result, ref count, segment with { Offset = segment.Offset + offset });
        }

        foreach (var segment in Segments.AsSpan())
        {
            if (segment.End > rest)
            {
                var upper = segment.Part(rest, segment.End);
                Append(result, ref count, upper with { Offset = upper.Offset + rest });
            }
        }

        return Of(result[..count]);
    }

    /// <summary>The same bits known by other fields.</summary>
    public Bits Map(Func<Segment, Segment> rename)
    {
        Span<Segment> result = stackalloc Segment[Segments.Count];
        var count = 0;
        foreach (var segment in Segments.AsSpan())
        {
            Append(result, ref count, rename(segment));
        }

        return Of(result[..count]);
    }

    /// <summary>Whether both hold the same in the bits of the mask.</summary>
    public bool Agrees(Bits other, UInt128 mask)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        int i = 0, j = 0;
        while (i < Segments.Count && j < other.Segments.Count)
        {
            var (left, right) = (Segments[i], other.Segments[j]);
            var (low, high) = (Math.Max(left.Offset, right.Offset), Math.Min(left.End, right.End));
            var asked = (mask >> low) & Ones(high - low);
            if (asked != 0 && (left.Knowledge != right.Knowledge || Differ(left, right, low, asked)))
            {
                return false;
            }

            i += left.End == high ? 1 : 0;
            j += right.End == high ? 1 : 0;
        }

        return true;
    }

    /// <summary>A hash of the bits of the mask alone, however they are cut into segments.</summary>
    public int HashUnder(UInt128 mask)
    {
        UInt128 constant = 0, known = 0;
        var aliases = 0;
        foreach (var segment in Segments)
        {
            var asked = (mask >> segment.Offset) & Ones(segment.Width);
            switch (segment.Knowledge)
            {
                case Knowledge.Constant:
                    constant |= (segment.Value & asked) << segment.Offset;
                    known |= asked << segment.Offset;
                    break;
                case Knowledge.Alias:
                    aliases += (int)UInt128.PopCount(asked) * (((int)segment.Field * 257) + segment.FieldOffset - segment.Offset + 131);
                    break;
                default:
                    break;
            }
        }

        return HashCode.Combine(constant, known, aliases);
    }

    public bool Equals(Bits? other) =>
        ReferenceEquals(this, other) || (other is not null && Segments == other.Segments);

    public override bool Equals(object? obj) => Equals(obj as Bits);

    public override int GetHashCode() => Segments.GetHashCode();

    // Both of the same knowledge, in the bits asked for from low up.
    private static bool Differ(in Segment left, in Segment right, int low, UInt128 asked) =>
        left.Knowledge == Knowledge.Constant
            ? (((left.Value >> (low - left.Offset)) ^ (right.Value >> (low - right.Offset))) & asked) != 0
            : left.Knowledge == Knowledge.Alias && (left.Field != right.Field || left.FieldOffset - left.Offset != right.FieldOffset - right.Offset);

    private static Bits Of(ReadOnlySpan<Segment> segments) => new(ImmutableCollectionsMarshal.AsImmutableArray(segments.ToArray()));

    private static void Append(Span<Segment> result, ref int count, in Segment next)
    {
        if (count > 0 && result[count - 1] is var last && last.Knowledge == next.Knowledge)
        {
            switch (next.Knowledge)
            {
                case Knowledge.Constant:
                    result[count - 1] = last with { Width = last.Width + next.Width, Value = last.Value | next.Value << last.Width };
                    return;
                case Knowledge.Unknown:
                    result[count - 1] = last with { Width = last.Width + next.Width };
                    return;
                case Knowledge.Alias when last.Field == next.Field && last.FieldOffset + last.Width == next.FieldOffset:
                    result[count - 1] = last with { Width = last.Width + next.Width };
                    return;
                default:
                    break;
            }
        }

        result[count++] = next;
    }
}
