namespace GatewayOS.P4;

/// <param name="Call">The action.</param>
/// <param name="Weight">At least 1; the share of the flows that take this call is its weight over the sum of weights.</param>
public sealed record WeightedCall(ActionCall Call, int Weight)
{
    public override string ToString() => $"{Weight}*{Call}";
}
