using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Unions of cubes over the same bits.</summary>
internal static class CubeList
{
    /// <summary>
    /// The same union with fewer cubes: those inside another go, and two that differ in the lowest bit of an equal mask become one. For prefixes
    /// that is the smallest list there is. Sorted by mask, the longest last, then by value.
    /// </summary>
    public static EquatableArray<MaskedValue> Reduce(IEnumerable<MaskedValue> cubes)
    {
        var byMask = new SortedDictionary<UInt128, HashSet<UInt128>>(Comparer<UInt128>.Create(static (a, b) => -CompareMasks(a, b)));
        foreach (var cube in cubes)
        {
            ValuesOf(byMask, cube.Mask).Add(cube.Value);
        }

        MergeSiblings(byMask);
        var masks = byMask.Keys.Reverse().ToArray();
        var kept = new List<MaskedValue>();
        for (var i = 0; i < masks.Length; i++)
        {
            foreach (var value in byMask[masks[i]].Order())
            {
                if (!IsCovered(value, masks, i))
                {
                    kept.Add(new MaskedValue(value, masks[i]));
                }
            }
        }

        return [.. kept];

        bool IsCovered(UInt128 value, UInt128[] masks, int own)
        {
            for (var i = 0; i < own; i++)
            {
                if ((masks[i] & ~masks[own]) == 0 && byMask[masks[i]].Contains(value & masks[i]))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>What is in both unions, or null when that takes more than <paramref name="limit"/> cubes.</summary>
    public static EquatableArray<MaskedValue>? Intersect(EquatableArray<MaskedValue> left, EquatableArray<MaskedValue> right, int limit)
    {
        var cubes = new List<MaskedValue>();
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                if (a.Intersect(b) is { } both)
                {
                    cubes.Add(both);
                }
            }
        }

        var reduced = Reduce(cubes);
        return reduced.Count > limit ? null : reduced;
    }

    // From the longest masks down, so that a merged pair can merge again.
    private static void MergeSiblings(SortedDictionary<UInt128, HashSet<UInt128>> byMask)
    {
        var pending = new SortedSet<UInt128>(byMask.Keys, byMask.Comparer);
        while (pending.Count > 0)
        {
            var mask = pending.Min;
            pending.Remove(mask);
            var values = byMask[mask];
            var bit = mask & (~mask + 1);
            foreach (var value in values.Where(value => bit != 0 && (value & bit) == 0).ToArray())
            {
                if (values.Remove(value | bit))
                {
                    values.Remove(value);
                    ValuesOf(byMask, mask ^ bit).Add(value);
                    pending.Add(mask ^ bit);
                }
            }
        }
    }

    private static HashSet<UInt128> ValuesOf(SortedDictionary<UInt128, HashSet<UInt128>> byMask, UInt128 mask)
    {
        if (!byMask.TryGetValue(mask, out var values))
        {
            values = [];
            byMask.Add(mask, values);
        }

        return values;
    }

    private static int CompareMasks(UInt128 left, UInt128 right)
    {
        var byLength = UInt128.PopCount(left).CompareTo(UInt128.PopCount(right));
        return byLength != 0 ? byLength : left.CompareTo(right);
    }
}
