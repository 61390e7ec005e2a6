namespace GatewayOS.Explain;

/// <summary>A row of Logical_Flow (ovn-sb(5)).</summary>
/// <param name="Datapaths">The names of the switches and routers that it applies to.</param>
/// <param name="Pipeline">ingress or egress; empty when the row is gone.</param>
/// <param name="Stage">northd's name of the table, from external_ids; empty if it gives none.</param>
/// <param name="Hint">The first digits of the northbound row that it was made of, from external_ids.</param>
/// <param name="Source">The place in northd that made it, from external_ids.</param>
public sealed record ExplainedFlow(
    Guid Uuid,
    IReadOnlyList<string> Datapaths,
    string Pipeline,
    int Table,
    string Stage,
    int Priority,
    string Match,
    string Actions,
    string? Hint,
    string? Source);
