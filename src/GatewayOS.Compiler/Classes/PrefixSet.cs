using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Classes;

/// <summary>A set of addresses of one family in its only form: prefixes in order, none inside another.</summary>
public sealed record PrefixSet
{
    private PrefixSet(int width, EquatableArray<AddressPrefix> prefixes) => (Width, Prefixes) = (width, prefixes);

    /// <summary>32 or 128.</summary>
    public int Width { get; }

    public EquatableArray<AddressPrefix> Prefixes { get; }

    public static PrefixSet Of(int width, IEnumerable<AddressPrefix> prefixes)
    {
        var kept = new List<AddressPrefix>();
        foreach (var prefix in prefixes.Order(AddressPrefix.Order))
        {
            // In order of value and length, what contains a prefix is the last one kept.
            if (kept.Count == 0 || !kept[^1].Contains(prefix, width))
            {
                kept.Add(prefix);
            }
        }

        return new PrefixSet(width, kept.ToEquatableArray());
    }

    /// <summary>The items of an address set as a field of this width is compared with them, or null if not all are prefixes.</summary>
    public static PrefixSet? OfItems(int width, IEnumerable<Constant> items)
    {
        var prefixes = new List<AddressPrefix>();
        foreach (var item in items)
        {
            var ones = Bits.Ones(width);
            if (PrefixOf(item.Value & ones, (item.Mask ?? ones) & ones, width) is not { } prefix)
            {
                return null;
            }

            prefixes.Add(prefix);
        }

        return Of(width, prefixes);
    }

    /// <summary>The addresses that equal the value in the bits of the mask, or null if the mask is none of a prefix.</summary>
    public static AddressPrefix? PrefixOf(UInt128 value, UInt128 mask, int width)
    {
        var length = (int)UInt128.PopCount(mask);
        return mask == (Bits.Ones(width) & ~Bits.Ones(width - length)) ? new AddressPrefix(value & mask, length) : null;
    }

    public bool Contains(AddressPrefix other) => Prefixes.Any(prefix => prefix.Contains(other, Width));
}
