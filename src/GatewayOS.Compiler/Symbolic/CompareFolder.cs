using System.Diagnostics;
using GatewayOS.Compiler.Automaton;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Folds one comparison of a field's bits with a constant.</summary>
public static class CompareFolder
{
    private static readonly UInt128 s_groupBit = (UInt128)1 << 40;

    public static Residual Fold(Expr.Compare compare, SymbolicState state)
    {
        if (compare.Field.Storage is not { } storage)
        {
            return Residual.Maybe(compare.Field.Name);
        }

        if (storage.Root.Name == "ip.ttl")
        {
            return FoldTtl(compare, state);
        }

        // QUIRK(OVN 23.03, OVS 3.1): ovn-controller asks OVS to match these with a mask of their few bits, where OVS's mf_set() takes a whole
        // octet or nothing; the test is lost, and the flow matches whatever the value.
        if (storage.Root.Name is "ip.dscp" or "ip.ecn")
        {
            return Residual.Maybe(compare.Field.Name);
        }

        var bits = state[storage];
        return compare.Relop switch
        {
            Relop.Equal => Equal(bits, compare.Value, compare.Mask, compare.Field.Name, state.Class),
            Relop.NotEqual => NotEqual(bits, compare.Value, compare.Mask, compare.Field.Name, state.Class),
            Relop.Less or Relop.LessOrEqual or Relop.Greater or Relop.GreaterOrEqual => Ordered(bits, compare, state.Class),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Whether a field has this value.</summary>
    public static Residual Equal(FieldSlice field, UInt128 value, SymbolicState state) => Equal(state[field.Bits], value, Bits.Ones(field.Width), field.Field.Name, state.Class);

    /// <param name="bits">What is known of the field.</param>
    /// <param name="field">Its name, for where nothing is known.</param>
    /// <param name="packetClass">The class of the packets.</param>
    public static Residual Equal(Bits bits, UInt128 value, UInt128 mask, string field, PacketClass packetClass)
    {
        var cube = Cube.Any;
        string? untested = null;
        foreach (var segment in bits.Segments)
        {
            var ones = Bits.Ones(segment.Width);
            var (want, care) = ((value >> segment.Offset) & ones, (mask >> segment.Offset) & ones);
            if (care == 0)
            {
                continue;
            }

            switch (segment.Knowledge)
            {
                case Knowledge.Constant when (segment.Value & care) != want:
                    return Residual.False;
                case Knowledge.Constant:
                    break;
                case Knowledge.Alias:
                    if (cube.Intersect(Cube.Of(segment.Field, want << segment.FieldOffset, care << segment.FieldOffset)) is not { } both)
                    {
                        return Residual.False;
                    }

                    cube = both;
                    break;
                default:
                    untested = field;
                    break;
            }
        }

        return cube.IsAny && untested is null ? Residual.True : new Residual([new Alternative(WithKnownBits(cube, packetClass), untested)]);
    }

    // Bits that a class is known by are not in the test; asking for them too makes the test of an address an exact match, or of a prefix one of a prefix.
    private static Cube WithKnownBits(Cube cube, PacketClass packetClass)
    {
        cube = Whole(cube, KeyField.EthSource, 0, s_groupBit, Bits.Ones(48));
        if (!packetClass.IsMulticast())
        {
            return Whole(cube, KeyField.EthDestination, 0, s_groupBit, Bits.Ones(48));
        }

        var (group, known) = packetClass.MulticastEthernet();
        cube = Whole(cube, KeyField.EthDestination, group, known, Bits.Ones(48));
        var (prefix, mask) = packetClass.MulticastPrefix();
        return cube.TermOn(KeyField.Destination) is { } term ? Whole(cube, KeyField.Destination, prefix, mask, term.Mask | mask) : cube;
    }

    private static Cube Whole(Cube cube, KeyField field, UInt128 value, UInt128 known, UInt128 whole) =>
        cube.TermOn(field) is { } term && (term.Mask | known) == whole ? cube.Intersect(Cube.Of(field, value, known))! : cube;

    private static Residual NotEqual(Bits bits, UInt128 value, UInt128 mask, string field, PacketClass packetClass)
    {
        var alternatives = new List<Alternative>();
        for (var bit = 0; bit < bits.Width; bit++)
        {
            var one = (UInt128)1 << bit;
            if ((mask & one) == 0)
            {
                continue;
            }

            var differs = Equal(bits, ~value & one, one, field, packetClass);
            if (differs.IsTrue)
            {
                return Residual.True;
            }

            alternatives.AddRange(differs.Alternatives);
        }

        return new Residual([.. alternatives]);
    }

    private static Residual Ordered(Bits bits, Expr.Compare compare, PacketClass packetClass)
    {
        if (compare.Slice is not { } slice)
        {
            return Residual.Maybe(compare.Field.Name);
        }

        var max = Bits.Ones(slice.Width);
        var value = compare.Value >> slice.Offset;
        (UInt128 low, UInt128 high) = compare.Relop switch
        {
            Relop.Less when value == 0 => (UInt128.One, UInt128.Zero),
            Relop.Less => (UInt128.Zero, value - 1),
            Relop.LessOrEqual => (UInt128.Zero, value),
            Relop.Greater when value == max => (UInt128.One, UInt128.Zero),
            Relop.Greater => (value + 1, max),
            Relop.GreaterOrEqual => (value, max),
            Relop.Equal or Relop.NotEqual or _ => throw new UnreachableException(),
        };
        var alternatives = new List<Alternative>();
        foreach (var (prefix, mask) in RangePrefixes.Cover(low, high, slice.Width))
        {
            var part = Equal(bits, prefix << slice.Offset, mask << slice.Offset, compare.Field.Name, packetClass);
            if (part.IsTrue)
            {
                return part;
            }

            alternatives.AddRange(part.Alternatives);
        }

        return new Residual([.. alternatives]);
    }

    // The parser admits no TTL below the guard, and each router passed lowers it by one (p4/README.md, Class 0).
    // ip.ttl is nominal: OVN compares it as a whole and for equality only.
    private static Residual FoldTtl(Expr.Compare compare, SymbolicState state)
    {
        var lowest = (uint)Math.Max(0, state.Class.LowestTtl() - state.Routers);
        return compare.Value >= lowest ? Residual.Maybe(compare.Field.Name)
            : compare.Relop == Relop.Equal ? Residual.False
            : Residual.True;
    }
}
