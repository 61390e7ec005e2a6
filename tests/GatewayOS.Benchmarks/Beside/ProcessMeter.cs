using System.Globalization;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>What a process that is not ours has used, from proc(5).</summary>
internal sealed class ProcessMeter(int processId)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private string Folder => $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Seconds on a processor, of all its threads: the first number of schedstat, in nanoseconds, which stat rounds to ticks.</summary>
    public double CpuSeconds => Directory.EnumerateDirectories(Path.Combine(Folder, "task"))
        .Sum(task => double.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture)) / 1e9;

    /// <summary>The largest resident memory so far, in KiB.</summary>
    public long PeakRssKiB => PeakRss(Folder);

    /// <summary>The largest resident memory of this process so far, in KiB.</summary>
    public static long OwnPeakRssKiB => PeakRss("/proc/self");

    /// <summary>Whether a thread of it runs or waits for its turn, see proc(5), /proc/pid/stat, state.</summary>
    public bool IsRunnable => Directory.EnumerateDirectories(Path.Combine(Folder, "task"))
        .Select(task => File.ReadAllText(Path.Combine(task, "stat")))
        .Any(stat => stat[stat.LastIndexOf(')') + 2] is 'R' or 'D');

    /// <summary>
    /// Waits until none of some processes that feed each other does anything for a while: they hardly use the processor, and none is ever
    /// seen waiting for it, as it would on a machine that others keep busy.
    /// </summary>
    /// <exception cref="TimeoutException">They do not become idle.</exception>
    public static async Task UntilIdleAsync(IReadOnlyList<ProcessMeter> processes, TimeSpan @while, TimeSpan patience, CancellationToken token)
    {
        const double Idle = 0.02;
        var clock = TimeProvider.System;
        var (start, since, used) = (clock.GetTimestamp(), clock.GetTimestamp(), processes.Sum(process => process.CpuSeconds));
        while (clock.GetElapsedTime(since) < @while)
        {
            if (clock.GetElapsedTime(start) > patience)
            {
                throw new TimeoutException($"the processes are busy for more than {patience.TotalSeconds} s");
            }

            await Task.Delay(s_pause, clock, token);
            var now = processes.Sum(process => process.CpuSeconds);
            if (now - used > Idle * @while.TotalSeconds || processes.Any(process => process.IsRunnable))
            {
                (since, used) = (clock.GetTimestamp(), now);
            }
        }
    }

    private static long PeakRss(string folder)
    {
        const string Label = "VmHWM:";
        var line = File.ReadLines(Path.Combine(folder, "status")).First(line => line.StartsWith(Label, StringComparison.Ordinal));
        return long.Parse(line[Label.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
