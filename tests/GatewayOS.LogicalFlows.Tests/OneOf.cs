using CsCheck;

namespace GatewayOS.LogicalFlows.Tests;

internal static class OneOf
{
    public static Gen<T> Values<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
