using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>One remembered evaluation, and what it depended on.</summary>
/// <remarks>
/// <code>
///   a flow, a row changed --> the cells that asked for it are Stale --> those that asked these are Doubtful --> ... --> entry points
/// </code>
/// Asked for its result, a stale cell is evaluated again; a doubtful one only if the result of one that it asked really is another.
/// </remarks>
public abstract class Cell
{
    /// <summary>How far the result can be trusted.</summary>
    public Trust Trust { get; set; } = Trust.Stale;

    public Edge? Result { get; private set; }

    /// <summary>The facts of the state that the result depends on.</summary>
    public ReadSet? Reads { get; private set; }

    /// <summary>The cells that this one asked, each once, in order.</summary>
    internal Cell[] Asked { get; private set; } = [];

    internal InputKey[] Inputs { get; private set; } = [];

    /// <summary>The tables passed on the way, and the parts of tables looked at, those of the cell's own included.</summary>
    internal TableKey[] Tables { get; private set; } = [];

    /// <summary>Whether it is being looked at.</summary>
    internal bool IsUnderWay { get; set; }

    /// <summary>The cells that asked this one.</summary>
    internal List<Cell> Askers { get; } = [];

    /// <summary>When the result was last found right, and when it last became another (counts of updates).</summary>
    public int Checked { get; set; }

    public int Changed { get; private set; }

    /// <summary>The update that made it stale.</summary>
    public int StaleSince { get; set; }

    internal void Set(Outcome outcome, int now)
    {
        if (Result is null || !Result.Equals(outcome.Result) || !ReferenceEquals(Reads, outcome.Reads))
        {
            Changed = now;
        }

        (Result, Reads, Asked, Inputs, Tables) = (outcome.Result, outcome.Reads, outcome.Asked, outcome.Inputs, outcome.Tables);
        (Trust, Checked) = (Trust.Good, now);
    }
}
