namespace GatewayOS.Compiler.Coverage;

/// <summary>What the tables can do for the packets of one entry point and class.</summary>
public enum Share
{
    /// <summary>Every packet is forwarded or dropped.</summary>
    FastPath,

    /// <summary>Some are forwarded or dropped, the others punted; none waits for a connection.</summary>
    Partly,

    /// <summary>Some can only be forwarded by an entry of their connection.</summary>
    Connection,

    /// <summary>Every packet is punted.</summary>
    AlwaysPunts,
}
