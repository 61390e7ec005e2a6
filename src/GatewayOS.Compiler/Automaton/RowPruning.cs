namespace GatewayOS.Compiler.Automaton;

/// <summary>Takes out of a lookup the rows that change nothing.</summary>
public static class RowPruning
{
    /// <summary>Above this length not every two rows are compared, so that large tables stay linear.</summary>
    private const int QuadraticLimit = 768;

    // Up to so many, comparing every two is faster than an index.
    private const int Few = 12;

    /// <summary>
    /// Removes rows behind an earlier row that has all their packets, and rows that do what happens without them.
    /// A row that matches everything becomes the default.
    /// </summary>
    internal static List<Row> Prune(IReadOnlyList<Row> rows, ref Edge fallback)
    {
        var reachable = new List<Row>(rows.Count);
        // Tests of one field are found by their masks, where there are many; of others only so many are compared.
        var (seen, prefixes, others) = rows.Count <= Few ? (null, null, new List<Cube>(rows.Count)) : (new HashSet<Cube>(rows.Count), new Prefixes(), new List<Cube>());
        foreach (var row in rows)
        {
            if (row.Cube.IsAny)
            {
                fallback = row.Edge;
                break;
            }

            if (seen?.Add(row.Cube) != false && prefixes?.Contain(row.Cube) != true && !(rows.Count <= QuadraticLimit && Contain(others, row.Cube)))
            {
                reachable.Add(row);
                if (prefixes?.TryAdd(row.Cube) != true)
                {
                    others.Add(row.Cube);
                }
            }
        }

        var kept = new List<Row>(reachable.Count);
        for (var i = reachable.Count - 1; i >= 0; i--)
        {
            if (!reachable[i].Edge.BehavesAs(fallback) || Shadows(reachable[i], kept))
            {
                kept.Add(reachable[i]);
            }
        }

        kept.Reverse();
        return kept;
    }

    private static bool Contain(List<Cube> earlier, Cube cube)
    {
        foreach (var other in earlier)
        {
            if (other.Contains(cube))
            {
                return true;
            }
        }

        return false;
    }

    // Without this row, would a later one take some of its packets elsewhere? 'later' is in reverse order.
    private static bool Shadows(Row row, List<Row> later)
    {
        if (later.Count > QuadraticLimit)
        {
            return true;
        }

        foreach (var other in later)
        {
            if (!other.Edge.BehavesAs(row.Edge) && other.Cube.Overlaps(row.Cube))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tests of one field, found by their masks: of these there are few, whatever the length of the table.</summary>
    /// <remarks>An LPM table knows no order but the length of prefixes, so a longer one behind a shorter one must not stay (invariant I2).</remarks>
    private sealed class Prefixes
    {
        private readonly Dictionary<(KeyField Field, UInt128 Mask), HashSet<UInt128>> _values = [];

        public bool TryAdd(Cube cube)
        {
            if (cube.Terms is not [var (field, value, mask)])
            {
                return false;
            }

            if (!_values.TryGetValue((field, mask), out var values))
            {
                _values.Add((field, mask), values = []);
            }

            return values.Add(value);
        }

        public bool Contain(Cube cube)
        {
            foreach (var (field, value, mask) in cube.Terms)
            {
                foreach (var ((other, shorter), values) in _values)
                {
                    if (other == field && (shorter & mask) == shorter && values.Contains(value & shorter))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
