using GatewayOS.Core;
using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>What the fast path does with a packet.</summary>
/// <param name="Outputs">What leaves by front ports; empty unless forwarded.</param>
/// <param name="Reason">Why it was punted; else empty.</param>
internal sealed record Prediction(Verdict Verdict, EquatableArray<Output> Outputs, string Reason);
