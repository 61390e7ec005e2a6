using System.Runtime.InteropServices;

namespace GatewayOS.Benchmarks.Changes;

/// <summary>Processor time of the calling thread (clock_gettime(2), CLOCK_THREAD_CPUTIME_ID): what others do at the time does not count.</summary>
internal static partial class ThreadCpu
{
    private const int ThreadClock = 3;

    public static TimeSpan Now =>
        GetTime(ThreadClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : throw new InvalidOperationException($"clock_gettime: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
