namespace GatewayOS.Compiler.Evaluation;

/// <summary>How far the result of a <see cref="Cell"/> can be trusted after a change.</summary>
public enum Trust
{
    Good,

    /// <summary>Something that it depends on indirectly has changed.</summary>
    Doubtful,

    /// <summary>Something that it asked for itself has changed.</summary>
    Stale,
}
