namespace GatewayOS.Differential.Tests.Comparison;

internal enum Verdict
{
    Forward,
    Drop,
    Punt,
}
