using System.Diagnostics;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using Xunit;

namespace GatewayOS.Reference.Tests.Peers;

/// <summary>Programs of Debian's OVN and OVS packages.</summary>
internal static class Programs
{
    private static readonly string[] s_needed = ["ovn-trace", "ovn-northd", "ovn-nbctl", "ovn-sbctl", "ovsdb-server", "ovsdb-tool"];

    /// <summary>What of ovn-central, ovn-common and openvswitch-common is not installed.</summary>
    public static IReadOnlyList<string> Missing => [.. s_needed.Where(program => Find(program) is null)];

    /// <summary>The language of the installed ovn-trace.</summary>
    public static LanguageVersion Language => LanguageVersions.OfNorthd(Run("ovn-trace", "--version").Split('\n')[0].Split(' ')[^1]);

    /// <summary>The language that a database's flows are written in.</summary>
    public static LanguageVersion LanguageOf(Southbound southbound) =>
        LanguageVersions.OfNorthd(southbound.SbGlobals.Single().Options.Find("northd_internal_version"));

    /// <exception cref="InvalidOperationException">It is not installed, or it fails.</exception>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', process.StartInfo.ArgumentList)}: {error.GetAwaiter().GetResult()}");
    }

    /// <summary>Both outputs of the process are redirected.</summary>
    public static Process Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(program) ?? throw new InvalidOperationException($"{program} is not installed"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static string? Find(string program) =>
        new[] { "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
