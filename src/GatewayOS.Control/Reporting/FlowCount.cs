using GatewayOS.Explain;

namespace GatewayOS.Control.Reporting;

/// <summary>What the device has counted for a logical flow.</summary>
/// <param name="Packets">How often packets passed it; null if no entry stands for it, so that all its packets are OVS's.</param>
/// <param name="Octets">Of these packets.</param>
public sealed record FlowCount(ExplainedFlow Flow, long? Packets, long? Octets);
