namespace GatewayOS.Differential.Tests;

/// <summary>What the comparison needs of the machine. Continuous integration has it all, or fails.</summary>
internal static class Requirement
{
    private static readonly string[] s_programs = ["ovn-northd", "ovn-controller", "ovs-vswitchd", "ovsdb-server", "ip"];

    /// <summary>Skips the test on a machine that cannot run a stock chassis.</summary>
    public static void StockChassis()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            return;
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A chassis of its own namespace needs root.");
        var missing = s_programs.Where(program => !IsInstalled(program)).ToList();
        Assert.SkipWhen(missing.Count > 0, $"`make bootstrap` installs what is missing: {string.Join(' ', missing)}");
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));
}
