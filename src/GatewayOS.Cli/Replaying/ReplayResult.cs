namespace GatewayOS.Cli.Replaying;

/// <summary>What became of a packet.</summary>
/// <param name="Outputs">What leaves by front ports; nothing for a punted packet, which goes to OVS unmodified.</param>
/// <param name="Reason">Why it was punted or dropped; empty for a forwarded packet.</param>
/// <param name="Flows">The logical flows of the entries that it hit, in order.</param>
internal sealed record ReplayResult(Verdict Verdict, IReadOnlyList<ReplayOutput> Outputs, string Reason, IReadOnlyList<Guid> Flows);
