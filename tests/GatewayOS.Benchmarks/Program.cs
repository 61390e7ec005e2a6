using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using GatewayOS.Benchmarks.Beside;

// The generated program is built with all of ours: on a busy machine that takes longer than the two minutes of the default.
var patient = ManualConfig.CreateMinimumViable().WithBuildTimeout(TimeSpan.FromMinutes(20));

return args is ["beside" or "load" or "recompute" or "changes" or "connections", ..]
    ? await Commands.RunAsync(args)
    : BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly).Run(args, patient).ToList() is { Count: > 0 } summaries
        && summaries.TrueForAll(summary => summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)) ? 0 : 1;
