using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.Lab.Traffic;

/// <summary>A kind of traffic: one row of the demonstration's table.</summary>
/// <param name="Path">How the network treats it, such as <c>routed</c> or <c>SNAT</c>.</param>
/// <param name="Direction">Who starts, such as <c>VM -> ext</c>.</param>
/// <param name="Protocol">What is sent.</param>
/// <param name="Family">4 or 6.</param>
/// <param name="Flows">Between whom.</param>
/// <param name="Expected">How much of it takes the fast path.</param>
public sealed record TrafficKind(string Path, string Direction, Protocol Protocol, int Family, EquatableArray<Flow> Flows, Expected Expected)
{
    public string Name => $"{Path}, {Protocol.ToString().ToLowerInvariant()} IPv{Family}, {Direction}";
}

public enum Protocol
{
    Ping,
    Udp,
    Tcp,
}

/// <summary>Packets at the two ends: what left one, and what came to the other. Both directions are added up.</summary>
/// <param name="Sent">Packets of the flows that their ends put on their links.</param>
/// <param name="Received">Packets of the flows that came to their ends.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrafficCount(long Sent, long Received)
{
    public long Lost => Sent - Received;

    public static TrafficCount operator +(TrafficCount left, TrafficCount right) => new(left.Sent + right.Sent, left.Received + right.Received);
}
