namespace GatewayOS.Reference.Tracing;

/// <summary>What a node of a trace tells; the kinds are ovn-trace's, and decide which forms of output show it.</summary>
public enum TraceNodeKind
{
    /// <summary>A pipeline begins, for all of what is below.</summary>
    Pipeline,

    /// <summary>A flow of a table matched; its actions are below.</summary>
    Table,

    /// <summary>An action, or a remark on one.</summary>
    Action,

    /// <summary>What an action did to the packet, or where the packet came out.</summary>
    Edit,

    /// <summary>What the physical network does with an output.</summary>
    Output,

    /// <summary>Another packet, or the packet with other metadata, goes on below.</summary>
    Transformation,

    /// <summary>Something is wrong, or not known here.</summary>
    Error,
}
