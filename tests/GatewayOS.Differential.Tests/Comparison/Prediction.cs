using GatewayOS.Core;
using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>What the fast path does with a packet.</summary>
/// <param name="Outputs">What leaves by front ports; empty unless forwarded.</param>
/// <param name="Reason">Why it was punted; else empty.</param>
internal sealed record Prediction(Verdict Verdict, EquatableArray<Output> Outputs, string Reason)
{
    /// <summary>What it might do as well: where ECMP chooses, OVS takes one of the members by a hash of its own.</summary>
    public EquatableArray<EquatableArray<Output>> Others { get; init; } = [];

    /// <summary>What it took of the pipeline that not every packet does: <see cref="Choice"/>, <see cref="Rewrite"/>, <see cref="Container"/>.</summary>
    public EquatableArray<string> Features { get; init; } = [];

    public const string Choice = "ECMP", Rewrite = "stateless NAT", Container = "a VLAN inside a machine", Copies = "several copies", Answer = "an answer to a ping", Reply = "an answer to ARP";
}
