namespace GatewayOS.Compiler.Emission;

/// <summary>Finds which new state takes the place of which that is gone, from the entry points down, so that it may take over the number too.</summary>
internal static class Succession
{
    /// <param name="now">A state, or null if the entry point has none now.</param>
    /// <param name="before">The one that was in its place.</param>
    public static void Trace(State? now, State? before)
    {
        var pending = new Stack<(State Now, State Before)>();
        Push(now, before);
        while (pending.TryPop(out var pair))
        {
            var rows = RowAlignment.Of(pair.Before, pair.Now);
            for (var i = 0; i < rows.Length; i++)
            {
                if (rows[i] >= 0)
                {
                    Push(pair.Now.Steps[i].Next, pair.Before.Steps[rows[i]].Next);
                }
            }
        }

        void Push(State? now, State? before)
        {
            if (now is { Predecessor: null, Place: null } && before is { IsGone: true, Successor: null } && now.Stage == before.Stage && now.Class == before.Class)
            {
                before.Successor = now;
                now.Predecessor = before;
                pending.Push((now, before));
            }
        }
    }
}
