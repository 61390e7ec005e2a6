namespace GatewayOS.Compiler.Symbolic;

/// <summary>What is known of a run of bits.</summary>
public enum Knowledge
{
    /// <summary>Nothing that the pipeline could test.</summary>
    Unknown,

    /// <summary>A constant.</summary>
    Constant,

    /// <summary>Bits of a field that the pipeline can match at run time.</summary>
    Alias,
}
