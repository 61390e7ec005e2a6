using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GatewayOS.Lab.Running;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>Runs one of our programs from its start to its end; what the runtime needs to start counts.</summary>
internal static class FreshProcess
{
    /// <summary>Runs a program that tells its peak memory as <c>peakRssKiB</c> in the JSON object that it prints.</summary>
    /// <exception cref="InvalidOperationException">It fails; the message has what it wrote.</exception>
    public static async Task<(double CpuSeconds, JsonElement Report)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken token)
    {
        // The shell's `times` is what wait4(2) says of a child that has ended: exact, and to the end.
        string[] words = ["-c", "\"$@\" || exit; times", "sh", program, .. arguments];
        var output = (await Tool.RunAsync(null, "bash", words, token: token)).Trim().Split('\n');
        using var report = JsonDocument.Parse(output[^3]);
        return (output[^1].Split(' ').Sum(Seconds), report.RootElement.Clone());
    }

    /// <summary>This program, as it was started.</summary>
    public static string Self => Environment.ProcessPath ?? throw new UnreachableException("a process has a file");

    // 1m2.345s
    private static double Seconds(string text)
    {
        var parts = text.TrimEnd('s').Split('m');
        return (60 * double.Parse(parts[0], CultureInfo.InvariantCulture)) + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }
}
