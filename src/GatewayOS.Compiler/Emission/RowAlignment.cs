using GatewayOS.Compiler.Automaton;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Which rows of a state have the match, and so the entry's key, of which of another.</summary>
internal static class RowAlignment
{
    /// <returns>For each row of <paramref name="now"/> the index of the one in <paramref name="before"/>, or -1.</returns>
    public static int[] Of(State before, State now)
    {
        var rows = new int[now.Count];
        Array.Fill(rows, -1);
        var (front, limit) = (0, Math.Min(before.Count, now.Count));
        var hasPriority = Pipeline.TablesByName[now.Stage.Table(now.Class)].HasPriority;
        // From the end, because priorities are counted from there.
        var back = 0;
        while (back < limit && SameCube(before, before.Count - 1 - back, now, now.Count - 1 - back))
        {
            rows[now.Count - 1 - back] = before.Count - 1 - back;
            back++;
        }

        while (!hasPriority && front < limit - back && SameCube(before, front, now, front))
        {
            rows[front] = front;
            front++;
        }

        Dictionary<Cube, int>? others = null;
        for (var i = front; i < now.Count - back; i++)
        {
            if (hasPriority)
            {
                var same = i + before.Count - now.Count;
                rows[i] = same >= 0 && SameCube(before, same, now, i) ? same : -1;
                continue;
            }

            others ??= Cubes(before, front, before.Count - back);
            rows[i] = others.GetValueOrDefault(now.Row(i).Cube, -1);
        }

        return rows;
    }

    private static Dictionary<Cube, int> Cubes(State state, int from, int to)
    {
        var cubes = new Dictionary<Cube, int>(to - from);
        for (var i = from; i < to; i++)
        {
            cubes.TryAdd(state.Row(i).Cube, i);
        }

        return cubes;
    }

    private static bool SameCube(State before, int index, State now, int nowIndex) => before.Row(index).Cube.Equals(now.Row(nowIndex).Cube);
}
