using System.Diagnostics;
using GatewayOS.Testing;

namespace GatewayOS.Cli.Tests;

/// <summary>Real NB and SB databases and a real ovn-northd, with chassis that exist only as rows.</summary>
public sealed class OvnSandbox : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly OvsdbServer _northbound = OvsdbServer.Start(File.ReadAllText("/usr/share/ovn/ovn-nb.ovsschema"));
    private readonly OvsdbServer _southbound = OvsdbServer.Start(File.ReadAllText("/usr/share/ovn/ovn-sb.ovsschema"));
    private readonly Process _northd;

    public OvnSandbox()
    {
        Run("ovn-nbctl", $"--db={_northbound.Remote}", "init");
        Run("ovn-sbctl", $"--db={_southbound.Remote}", "init");
        _northd = Process.Start(Program(
            "ovn-northd", "-vconsole:off", $"--ovnnb-db={_northbound.Remote}", $"--ovnsb-db={_southbound.Remote}",
            $"--unixctl={_northbound.Folder}/northd.ctl"))!;
        _northd.BeginOutputReadLine();
        _northd.BeginErrorReadLine();
    }

    public static bool IsInstalled => OvsdbServer.IsInstalled && File.Exists("/usr/bin/ovn-northd") && File.Exists("/usr/share/ovn/ovn-sb.ovsschema");

    public string Remote => _southbound.Remote;

    /// <summary>Runs lines of ovn-nbctl, and waits until ovn-northd has followed.</summary>
    public void Northbound(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Run("ovn-nbctl", [$"--db={_northbound.Remote}", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        }

        Run("ovn-nbctl", $"--db={_northbound.Remote}", "--wait=sb", $"--timeout={s_patience.TotalSeconds}", "sync");
    }

    /// <summary>Runs one command of ovn-nbctl whose words may have spaces.</summary>
    public void NorthboundWords(params IEnumerable<string> words) => Run("ovn-nbctl", [$"--db={_northbound.Remote}", .. words]);

    /// <summary>Runs lines of ovn-sbctl.</summary>
    public void Southbound(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Run("ovn-sbctl", [$"--db={_southbound.Remote}", $"--timeout={s_patience.TotalSeconds}", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        }
    }

    public void Dispose()
    {
        _northd.Kill();
        _northd.WaitForExit();
        _northd.Dispose();
        _northbound.Dispose();
        _southbound.Dispose();
    }

    private static void Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(Program(program, arguments))!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}");
        }
    }

    private static ProcessStartInfo Program(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
