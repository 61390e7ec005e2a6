using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Which packets do not end at a drop.</summary>
internal static class Survivors
{
    // Each is an entry at each entry point.
    private const int Limit = 32;

    /// <summary>Cubes that hold them all, and maybe others: rows before them may drop some. Null if they are too many to tell.</summary>
    /// <returns>The cubes, and up to what length the others are dropped.</returns>
    public static (IReadOnlyList<Cube> Cubes, int MaxLength)? Of(Edge edge)
    {
        var (cubes, length) = (new List<Cube>(), int.MaxValue);
        return Collect(edge, Cube.Any, cubes, ref length) ? (cubes, length) : null;
    }

    private static bool Collect(Edge edge, Cube path, List<Cube> cubes, ref int length)
    {
        switch (edge.Target)
        {
            case Target.Drop:
                return true;
            case Target.Forward { Output: OutputTarget.Nowhere nowhere }:
                length = Math.Min(length, nowhere.MaxLength);
                return true;
            case Target.Go(var node):
                foreach (var row in node.Rows)
                {
                    if (path.Intersect(row.Cube) is { } both && !Collect(row.Edge, both, cubes, ref length))
                    {
                        return false;
                    }
                }

                return Collect(node.Default, path, cubes, ref length);
            default:
                if (path.IsAny || cubes.Count == Limit)
                {
                    return false;
                }

                if (!cubes.Contains(path))
                {
                    cubes.Add(path);
                }

                return true;
        }
    }
}
