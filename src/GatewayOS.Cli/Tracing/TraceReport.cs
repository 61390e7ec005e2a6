using System.Globalization;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Cli.Tracing;

/// <summary>What <c>gatewayctl trace --json</c> prints.</summary>
internal sealed record TraceReport(IReadOnlyList<TraceReportStep> Steps, IReadOnlyList<TraceReportOutcome> Outcomes)
{
    public static TraceReport Of(TraceResult result, Packet original, PacketFields fields) => new(
        [.. result.Steps.Select(Step)],
        [.. result.Outcomes.Select(outcome => Outcome(outcome, original, fields))]);

    private static TraceReportStep Step(TraceStep step) => new(
        step.DatapathName, step.Pipeline.ToString().ToLowerInvariant(), step.Table, step.Stage, step.Flow, step.Priority, step.Match, step.Actions);

    private static TraceReportOutcome Outcome(TraceOutcome outcome, Packet original, PacketFields fields)
    {
        var changes = new SortedDictionary<string, string>(
            outcome.Packet.ChangesSince(original)
                .Where(change => !fields.IsMetadata(change.Root))
                .ToDictionary(change => change.Root.Name, change => string.Create(CultureInfo.InvariantCulture, $"0x{change.Value:x}")),
            StringComparer.Ordinal);
        var report = new TraceReportOutcome("drop", outcome.Chassis, changes);
        return outcome switch
        {
            TraceOutcome.Delivered delivered => report with
            {
                Kind = "output",
                Port = delivered.Port.Name,
                Type = delivered.Port.Row.Type,
                Vlan = delivered.Vlan,
                Network = delivered.PhysicalNetwork,
            },
            TraceOutcome.Tunnelled tunnelled => report with
            {
                Kind = "tunnel",
                To = tunnelled.To,
                DatapathKey = tunnelled.DatapathKey,
                InKey = tunnelled.InKey,
                OutKey = tunnelled.OutKey,
            },
            TraceOutcome.Controlled controlled => report with { Kind = "controller", Reason = controlled.Action },
            TraceOutcome.Dropped dropped => report with { Reason = dropped.Reason },
            _ => report,
        };
    }
}
