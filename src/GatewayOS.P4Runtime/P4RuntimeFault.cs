namespace GatewayOS.P4Runtime;

public enum P4RuntimeFault
{
    /// <summary>Nobody answers, or the connection broke.</summary>
    Unreachable,

    /// <summary>The connection stands, and no answer comes.</summary>
    Silent,

    /// <summary>Another client has the higher election id.</summary>
    NotPrimary,

    /// <summary>The device refused the program.</summary>
    PipelineRefused,

    /// <summary>The device runs no program, or another one.</summary>
    PipelineMismatch,

    /// <summary>The device refused the call as a whole.</summary>
    CallRefused,
}
