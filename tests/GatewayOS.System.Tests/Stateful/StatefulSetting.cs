using System.Globalization;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>How much to test, from the environment: <c>GATEWAYOS_STATEFUL_SECONDS</c> of traffic and changes, from the seed <c>GATEWAYOS_STATEFUL_SEED</c>.</summary>
internal static class StatefulSetting
{
    /// <summary>Zero leaves the test out.</summary>
    public static TimeSpan Duration => TimeSpan.FromSeconds(Number("SECONDS", 0));

    public static ulong Seed => Number("SEED", 1);

    private static ulong Number(string name, ulong usual) =>
        Environment.GetEnvironmentVariable($"GATEWAYOS_STATEFUL_{name}") is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : usual;
}
