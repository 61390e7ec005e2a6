using System.Globalization;
using GatewayOS.Explain;

namespace GatewayOS.Cli.Explaining;

/// <summary>A logical flow in a line, as ovn-sbctl lflow-list writes it.</summary>
internal static class FlowLines
{
    private const int NamesShown = 3;

    // 1a2b3c4d ls_in_acl[8], priority 2001, match (ip4), actions (next;)
    public static string Of(ExplainedFlow flow) => flow.Pipeline.Length == 0
        ? $"{Short(flow.Uuid)} (no longer in the southbound database)"
        : string.Create(CultureInfo.InvariantCulture,
            $"{Short(flow.Uuid)} {Stage(flow)}[{flow.Table}] of {Where(flow)}, priority {flow.Priority}, match ({flow.Match}), actions ({flow.Actions}){Origin(flow)}");

    public static string Stage(ExplainedFlow flow) => flow.Stage.Length > 0 ? flow.Stage : flow.Pipeline;

    public static string Short(Guid uuid) => uuid.ToString()[..8];

    public static string Where(ExplainedFlow flow) => flow.Datapaths.Count <= NamesShown
        ? string.Join(", ", flow.Datapaths)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", flow.Datapaths.Take(NamesShown))} and {flow.Datapaths.Count - NamesShown} more");

    private static string Origin(ExplainedFlow flow) =>
        (flow.Hint is { } hint ? $", from northbound {hint}" : "") + (flow.Source is { } source ? $", {source}" : "");
}
