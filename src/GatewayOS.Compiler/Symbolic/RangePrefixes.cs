namespace GatewayOS.Compiler.Symbolic;

/// <summary>Covers a range of numbers with as few prefixes as there are.</summary>
public static class RangePrefixes
{
    /// <returns>Disjoint (value, mask) pairs that together hold low..high; none if the range is empty.</returns>
    public static IEnumerable<(UInt128 Value, UInt128 Mask)> Cover(UInt128 low, UInt128 high, int width)
    {
        var ones = Bits.Ones(width);
        while (low <= high)
        {
            var free = low == 0 ? width : Math.Min(width, (int)UInt128.TrailingZeroCount(low));
            while (Bits.Ones(free) > high - low)
            {
                free--;
            }

            yield return (low, ones & ~Bits.Ones(free));
            if (high - low == Bits.Ones(free))
            {
                yield break;
            }

            low += Bits.Ones(free) + 1;
        }
    }
}
