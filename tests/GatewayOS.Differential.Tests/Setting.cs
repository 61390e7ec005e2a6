using System.Globalization;

namespace GatewayOS.Differential.Tests;

/// <summary>How much to test, from the environment.</summary>
/// <remarks>
/// <c>GATEWAYOS_DIFFERENTIAL_PACKETS</c>: packets of the whole suite that the fast path decides on; those that it punts come on top. <c>GATEWAYOS_DIFFERENTIAL_WORLDS</c>: random topologies. <c>GATEWAYOS_DIFFERENTIAL_SEED</c>: that of the first
/// of them; the next has the next number.
/// </remarks>
internal static class Setting
{
    public static int Packets => (int)Number("PACKETS", 52_000);

    public static int Worlds => (int)Number("WORLDS", 6);

    public static ulong Seed => Number("SEED", 1);

    private static ulong Number(string name, ulong usual) =>
        Environment.GetEnvironmentVariable($"GATEWAYOS_DIFFERENTIAL_{name}") is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : usual;
}
