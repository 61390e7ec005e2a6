namespace GatewayOS.Benchmarks.Beside;

/// <summary>What a piece of work took.</summary>
/// <param name="CpuSeconds">Of all threads, in user and system mode, from the start of the process unless said otherwise.</param>
/// <param name="PeakRssKiB">The largest resident memory of the process.</param>
/// <param name="Result">What came out, for people.</param>
internal sealed record Usage(double CpuSeconds, long PeakRssKiB, string Result = "");
