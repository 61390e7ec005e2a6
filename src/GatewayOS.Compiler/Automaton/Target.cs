namespace GatewayOS.Compiler.Automaton;

/// <summary>What comes after an edge: another lookup, or the end.</summary>
public abstract record Target
{
    private Target()
    {
    }

    public sealed record Go(Node Node) : Target;

    public sealed record Forward(OutputTarget Output) : Target;

    public sealed record Drop : Target
    {
        public static readonly Drop Instance = new();
    }

    public sealed record Punt(PuntCause Cause) : Target;

    /// <summary>The rest depends on conntrack: software decides, or an entry for the established connection.</summary>
    public sealed record Track(PuntCause Cause) : Target;
}
