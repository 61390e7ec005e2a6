using System.Globalization;
using System.Text;
using GatewayOS.Explain;

namespace GatewayOS.Cli.Explaining;

/// <summary>An explanation for people.</summary>
/// <remarks>
/// <code>
///   packet  eth 02:.. > 02:.., ip4 10.0.0.5 > 8.8.8.8, ttl 64, udp 53 > 53, 98 octets
///   port    ext0
///
///   route4  state=0x2f1 dst=10.0.0.12
///     entry state=0x2f1 dst=10.0.0.0/24 -> go to state 0x3d2
///     edit  ip.ttl -= 1
///     flow  1a2b3c4d lr_in_ip_routing[11] of lr, priority 49, match (...), actions (...)
///
///   forward by uplink0: eth ...
///     0200...
/// </code>
/// </remarks>
internal static class ExplanationText
{
    /// <param name="explanation">What is to be told.</param>
    /// <param name="isWhole">Misses and flows that only pass the packet on as well.</param>
    public static string Of(Explanation explanation, bool isWhole)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"packet  {explanation.Summary}\nport    {explanation.InPort}\n");
        foreach (var remark in explanation.Remarks)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {remark}\n");
        }

        // A miss changes nothing, and is of interest only where nothing was hit that decides.
        var shown = explanation.Lookups.Where(lookup => lookup.IsHit || isWhole).ToList();
        if (shown.Count == 0)
        {
            shown = [.. explanation.Lookups];
        }

        foreach (var lookup in shown)
        {
            Append(text, lookup, isWhole);
        }

        Append(text.Append('\n'), explanation.Verdict);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ExplainedLookup lookup, bool isWhole)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{lookup.Table}  {lookup.Key}\n");
        if (!lookup.IsHit)
        {
            text.Append("  no entry\n");
            return;
        }

        var priority = lookup.Priority > 0 ? string.Create(CultureInfo.InvariantCulture, $"[{lookup.Priority}] ") : "";
        text.Append(CultureInfo.InvariantCulture, $"  entry {priority}{lookup.Match} -> {lookup.Action}\n");
        foreach (var edit in lookup.Edits)
        {
            text.Append(CultureInfo.InvariantCulture, $"  edit  {edit}\n");
        }

        foreach (var flow in lookup.Flows.Where(flow => isWhole || !IsPassage(flow)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  flow  {FlowLines.Of(flow)}\n");
        }

        if (!isWhole && lookup.Flows.Count(IsPassage) is > 0 and var passages)
        {
            text.Append(CultureInfo.InvariantCulture, $"        and {passages} that only pass it on\n");
        }

        if (lookup.Cause is { } cause)
        {
            text.Append(CultureInfo.InvariantCulture, $"  to OVS because of {cause}\n");
        }

        if (!lookup.IsKnown)
        {
            text.Append("  (this entry is not of this agent's last compilation)\n");
        }
    }

    private static void Append(StringBuilder text, ExplainedVerdict verdict)
    {
        switch (verdict.Verdict)
        {
            case ExplainedVerdict.Forward:
                foreach (var output in verdict.Outputs)
                {
                    text.Append(CultureInfo.InvariantCulture, $"forward by {output.Port}: {output.Summary}\n  {output.Packet}\n");
                }

                break;
            case ExplainedVerdict.Drop:
                text.Append(CultureInfo.InvariantCulture, $"drop: {With(verdict)}\n");
                AppendFlow(text, verdict);
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"left to OVS, unmodified, because of {With(verdict)}\n");
                AppendFlow(text, verdict);
                text.Append(CultureInfo.InvariantCulture, $"  what would change it: {verdict.Remedy}\n");
                break;
        }
    }

    private static bool IsPassage(ExplainedFlow flow) => flow is { Match: "1", Actions: "next;" };

    private static string With(ExplainedVerdict verdict) => verdict.Detail.Length == 0 ? verdict.Reason : $"{verdict.Reason}: {verdict.Detail}";

    private static void AppendFlow(StringBuilder text, ExplainedVerdict verdict)
    {
        if (verdict.Flow is { } flow)
        {
            text.Append(CultureInfo.InvariantCulture, $"  flow  {FlowLines.Of(flow)}\n");
        }
    }
}
