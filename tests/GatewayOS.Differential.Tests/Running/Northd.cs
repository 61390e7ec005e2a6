using System.Diagnostics;

namespace GatewayOS.Differential.Tests.Running;

/// <summary>The ovn-northd of this machine.</summary>
internal static class Northd
{
    /// <summary>QUIRK(ovn-northd 25.03): ends with SIGSEGV when one prefix of a router has a route that discards and one with a next hop.</summary>
    public static bool TakesMixedRoutes => Version is not { Major: 25, Minor: 3 };

    private static Version Version
    {
        get
        {
            using var process = Process.Start(new ProcessStartInfo("ovn-northd", ["--version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // "ovn-northd 23.03.1" and what it was built with.
            return Version.Parse(text.Split('\n')[0].Split(' ')[^1]);
        }
    }
}
