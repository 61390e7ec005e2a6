using System.Diagnostics;
using System.Globalization;
using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests;

/// <summary>A daemon that has ended is told from one that lives, and from another by its name.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("watch").FullName;

    private string PidFile => Path.Combine(_folder, "gw1", "ovs-vswitchd.pid");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_daemon_that_ends_is_named_with_the_end_of_its_log()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PidFile)!);
        File.WriteAllText(Path.ChangeExtension(PidFile, ".log"), "first\nassertion failed\n");
        using var daemon = Start();
        var watch = Watch.Over([Path.GetDirectoryName(PidFile)!]);
        Assert.Null(watch.Fallen());

        End(daemon);
        Assert.StartsWith("ovs-vswitchd of gw1", watch.Fallen(), StringComparison.Ordinal);
        Assert.EndsWith("has ended: first\nassertion failed", watch.Fallen(), StringComparison.Ordinal);

        using var successor = Start();
        Assert.Contains($"has ended, {successor.Id} runs in its place", watch.Fallen(), StringComparison.Ordinal);
        Assert.Null(Watch.Over([Path.GetDirectoryName(PidFile)!]).Fallen());
        End(successor);
    }

    private Process Start()
    {
        var process = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!;
        File.WriteAllText(PidFile, process.Id.ToString(CultureInfo.InvariantCulture));
        return process;
    }

    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
    }
}
