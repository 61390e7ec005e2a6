namespace GatewayOS.System.Tests.Stateful;

/// <summary>A packet that was sent on both sides, and what came of it there.</summary>
internal sealed record Sent(uint Number, string Node, Packet Packet, IReadOnlyList<Arrival> Stock, IReadOnlyList<Arrival> Fast)
{
    public string? Difference => Stateful.Difference.Of(Stock, Fast);
}
