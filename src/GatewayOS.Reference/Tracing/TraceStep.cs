using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Tracing;

/// <summary>A table that the packet passed.</summary>
/// <param name="Datapath">Datapath_Binding.</param>
/// <param name="DatapathName">As people call it.</param>
/// <param name="Stage">Such as ls_in_l2_lkup, or null when the database does not say.</param>
/// <param name="Flow">The Logical_Flow that matched, or null: the packet is dropped.</param>
/// <param name="Actions">In canonical form.</param>
/// <param name="IsTransparent">Whether the flow is nothing but <c>next</c> for all packets; such are not in the text of a trace.</param>
/// <param name="IsAmbiguous">Whether other flows of this priority match too but act differently: which one wins is not defined.</param>
public sealed record TraceStep(
    Guid Datapath,
    string DatapathName,
    Pipeline Pipeline,
    int Table,
    string? Stage,
    Guid? Flow,
    int Priority,
    string Match,
    string Actions,
    bool IsTransparent,
    bool IsAmbiguous);
