using BenchmarkDotNet.Running;
using GatewayOS.Benchmarks.Beside;

return args is ["beside" or "load" or "changes", ..]
    ? await Commands.RunAsync(args)
    : BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly).Run(args).Any() ? 0 : 1;
