using System.Globalization;
using GatewayOS.Fuzz.Tests.Engine;
using GatewayOS.Fuzz.Tests.Targets;
using Xunit;

namespace GatewayOS.Fuzz.Tests;

/// <summary>
/// A few thousand inputs for each reader; FUZZ_SECONDS (all targets together) makes it as many as that time allows, FUZZ_SEED other ones.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long Inputs = 3000;

    private static readonly FuzzTarget[] s_targets =
    [
        LanguageTargets.Matches, LanguageTargets.Actions, OvsdbTargets.Messages, OvsdbTargets.Updates, OvsdbTargets.Replies,
        FileTargets.Ports, FileTargets.Configuration, FileTargets.Remotes,
    ];

    public static TheoryData<string> Targets => [.. s_targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Whatever_is_read_gives_a_value_or_a_documented_refusal_in_bounded_memory_and_time(string name)
    {
        var target = s_targets.Single(target => target.Name == name);
        var seed = Number("FUZZ_SEED") ?? 1;
        var run = new FuzzRun(target, seed);
        var report = Number("FUZZ_SECONDS") is { } seconds
            ? run.Run(long.MaxValue, TimeSpan.FromSeconds((double)seconds / s_targets.Length))
            : run.Run(target.Seeds.Count + Inputs, TimeSpan.MaxValue);
        output.WriteLine(report);
        TestContext.Current.SendDiagnosticMessage(report);
    }

    private static ulong? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
