namespace GatewayOS.LogicalFlows;

/// <summary>
/// Where the flow is whose actions are parsed or formatted.
/// <paramref name="Table"/>: the flow's own table, from 0.
/// <paramref name="IngressTables"/>: how many tables <c>next(pipeline=ingress, ...)</c> may name; OVN's newest has 35.
/// <paramref name="EgressTables"/>: likewise for egress; OVN's newest has 16.
/// </summary>
public sealed record ActionContext(Pipeline Pipeline, int Table, int IngressTables = 35, int EgressTables = 16)
{
    /// <summary>The context of a flow with as many tables as the version has.</summary>
    public static ActionContext For(LanguageVersion version, Pipeline pipeline, int table)
    {
        var (ingress, egress) = version.IsFrom(LanguageVersion.Newest) ? (35, 16)
            : version >= LanguageVersion.Ovn2603 ? (34, 16)
            : version >= LanguageVersion.Ovn2509 ? (32, 14)
            : version >= LanguageVersion.Ovn2409 ? (30, 30)
            : (29, 29);
        return new ActionContext(pipeline, table, ingress, egress);
    }

    public int TablesOf(Pipeline pipeline) => pipeline == Pipeline.Ingress ? IngressTables : EgressTables;
}
