namespace GatewayOS.System.Tests.Stateful;

/// <summary>A packet that was sent on both sides, and what came of it there.</summary>
/// <param name="Number">Its mark.</param>
/// <param name="Order">What was to be sent.</param>
/// <param name="Stock">What came where there is no fast path.</param>
/// <param name="Fast">What came where there is one.</param>
internal sealed record Sent(uint Number, Order Order, IReadOnlyList<Arrival> Stock, IReadOnlyList<Arrival> Fast)
{
    public string Node => Order.Node;

    public Packet Packet => Order.Stock;

    /// <summary>How the server sees the connection, for the first packet that it gets.</summary>
    public PortChoice? Choice => Order.Ports ?? (Stock is [var stock] && Fast is [var fast] && Packet.Read(stock.Frame) is { } one && Packet.Read(fast.Frame) is { } other
        ? new PortChoice(one.SourcePort, other.SourcePort) : null);

    /// <summary>What came on one side only; null if nothing.</summary>
    public string? Difference => Stateful.Difference.Of(Stock, Fast) is { } difference
        ? Choice is { IsSame: false } choice ? Stateful.Difference.Of(Stock, [.. Fast.Select(choice.ToStock)]) : difference
        : null;
}

/// <summary>What an end is to send: the same on both sides, but for a port that a NAT chose there.</summary>
/// <param name="Ports">How the server sees the connection; null if it has not seen it yet.</param>
internal sealed record Order(string Node, Packet Stock, Packet Fast, PortChoice? Ports);
