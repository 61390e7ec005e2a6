using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Writes many single destinations that are all left to software for one reason as a few prefixes.</summary>
/// <remarks>
/// To punt more is sound (invariant I2). A prefix has no destination in it that another row of the lookup decides, and is not much larger than
/// what it stands for, so that hardly any packet is punted in vain.
/// </remarks>
internal static class PuntCover
{
    private const int WorthIt = 16;

    /// <param name="rows">The rows of a lookup, in order.</param>
    /// <param name="reason">The reason of the punts to put together.</param>
    /// <param name="packetClass">The class, which tells the width of addresses.</param>
    public static List<Row> Shorten(List<Row> rows, string reason, PacketClass packetClass)
    {
        var width = packetClass.AddressWidth();
        var (covered, others) = (new SortedDictionary<UInt128, Row>(), new SortedSet<UInt128>());
        var rest = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Cube.Terms is [{ Field: KeyField.Destination } only] && only.Mask == Bits.Ones(width))
            {
                if (row.Edge.Target is Target.Punt(var cause) && cause.Reason == reason && !others.Contains(only.Value))
                {
                    _ = covered.TryAdd(only.Value, row);
                    continue;
                }

                others.Add(only.Value);
            }

            rest.Add(row);
        }

        if (covered.Count < WorthIt)
        {
            return rows;
        }

        // Rows that another row has part of stay behind it: only single destinations are moved.
        var result = new List<Row>(rest.Count + WorthIt);
        Cover([.. covered], [.. others], width, packetClass.IsIpv6() ? 1024 : 64, result);
        result.AddRange(rest);
        return result;
    }

    private static void Cover(KeyValuePair<UInt128, Row>[] covered, UInt128[] others, int width, int sparseness, List<Row> result)
    {
        if (covered.Length == 0)
        {
            return;
        }

        if (covered.Length == 1)
        {
            result.Add(covered[0].Value);
            return;
        }

        var free = 128 - (int)UInt128.LeadingZeroCount(covered[0].Key ^ covered[^1].Key);
        var mask = Bits.Ones(width) & ~Bits.Ones(free);
        var prefix = covered[0].Key & mask;
        if (free < 64 && ((ulong)1 << free) <= (ulong)(sparseness * covered.Length) && !Array.Exists(others, other => (other & mask) == prefix))
        {
            var target = (Target.Punt)covered[0].Value.Edge.Target;
            var cause = new PuntCause(target.Cause.Reason, $"{covered.Length} destinations", target.Cause.Flow);
            result.Add(new Row(Cube.Of(KeyField.Destination, prefix, mask), new Edge(Edits.None, new Target.Punt(cause), FlowTrail.Empty)));
            return;
        }

        var half = prefix | ((UInt128)1 << (free - 1));
        Cover([.. covered.Where(pair => pair.Key < half)], others, width, sparseness, result);
        Cover([.. covered.Where(pair => pair.Key >= half)], others, width, sparseness, result);
    }
}
