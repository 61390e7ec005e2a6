using System.Globalization;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>How much to test, from the environment: <c>GATEWAYOS_STATEFUL_SECONDS</c> of traffic and changes, from the seed <c>GATEWAYOS_STATEFUL_SEED</c>.</summary>
internal static class StatefulSetting
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);

    /// <summary>What continuous integration runs: long enough for each kind of change once, if the machine has little else to do.</summary>
    private const ulong UsualSeconds = 45;

    public static TimeSpan Duration => TimeSpan.FromSeconds(Number("SECONDS", UsualSeconds));

    /// <summary>Until everything has happened that has to, a run goes on: on a busy machine all takes longer.</summary>
    public static TimeSpan LongestDuration => Duration + (Duration > s_patience ? Duration : s_patience);

    public static ulong Seed => Number("SEED", 1);

    private static ulong Number(string name, ulong usual) =>
        Environment.GetEnvironmentVariable($"GATEWAYOS_STATEFUL_{name}") is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : usual;
}
