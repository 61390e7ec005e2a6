namespace GatewayOS.Explain;

/// <summary>What becomes of the packet.</summary>
/// <param name="Verdict">forward, drop or punt (left to OVS).</param>
/// <param name="Reason">Why it is not forwarded, in the words of the counters; empty for a forwarded packet.</param>
/// <param name="Detail">What exactly: the check that failed, or the action or match that the device does not do.</param>
/// <param name="Flow">The logical flow that caused it, if one did.</param>
/// <param name="Remedy">What would change it; null for a forwarded or dropped packet.</param>
/// <param name="Outputs">What leaves the device.</param>
public sealed record ExplainedVerdict(
    string Verdict, string Reason, string Detail, ExplainedFlow? Flow, string? Remedy, IReadOnlyList<ExplainedOutput> Outputs)
{
    public const string Forward = "forward", Drop = "drop", Punt = "punt";
}
