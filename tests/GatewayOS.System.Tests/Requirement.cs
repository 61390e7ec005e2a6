namespace GatewayOS.System.Tests;

/// <summary>What a system test needs of the machine. Continuous integration has it all, or fails.</summary>
internal static class Requirement
{
    private static readonly string[] s_programs = ["ovn-northd", "ovn-controller", "ovs-vswitchd", "ip", "ethtool"];

    /// <summary>Skips the test on a machine that cannot run a lab.</summary>
    public static void Lab()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            return;
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A lab needs root.");
        var missing = s_programs.Where(program => !IsInstalled(program)).ToList();
        Assert.SkipWhen(missing.Count > 0, $"`make bootstrap` installs what is missing: {string.Join(' ', missing)}");
    }

    /// <summary>The reference switch is built outside of the repository; where it is missing, that is all that is skipped.</summary>
    public static void Bmv2Lab()
    {
        Assert.SkipUnless(IsInstalled("simple_switch_grpc"), "simple_switch_grpc is not on the PATH.");
        Lab();
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
