namespace GatewayOS.LogicalFlows;

/// <summary>
/// Where the flow is whose actions are parsed or formatted.
/// <paramref name="Table"/>: the flow's own table, from 0.
/// <paramref name="IngressTables"/>: how many tables <c>next(pipeline=ingress, ...)</c> may name; OVN's newest has 35.
/// <paramref name="EgressTables"/>: likewise for egress; OVN's newest has 16.
/// </summary>
public sealed record ActionContext(Pipeline Pipeline, int Table, int IngressTables = 35, int EgressTables = 16)
{
    public int TablesOf(Pipeline pipeline) => pipeline == Pipeline.Ingress ? IngressTables : EgressTables;
}
