namespace GatewayOS.Compiler.Automaton;

/// <summary>Takes out of a lookup the rows that change nothing.</summary>
public static class RowPruning
{
    /// <summary>Above this length rows are compared by equality only, so that large exact tables stay linear.</summary>
    private const int QuadraticLimit = 768;

    /// <summary>
    /// Removes rows behind an earlier row that has all their packets, and rows that do what happens without them.
    /// A row that matches everything becomes the default.
    /// </summary>
    internal static List<Row> Prune(IReadOnlyList<Row> rows, ref Edge fallback)
    {
        var reachable = new List<Row>(rows.Count);
        var seen = new HashSet<Cube>();
        foreach (var row in rows)
        {
            if (row.Cube.IsAny)
            {
                fallback = row.Edge;
                break;
            }

            if (seen.Add(row.Cube) && (rows.Count > QuadraticLimit || !reachable.Exists(earlier => earlier.Cube.Contains(row.Cube))))
            {
                reachable.Add(row);
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
}
