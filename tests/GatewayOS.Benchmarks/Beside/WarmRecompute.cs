using GatewayOS.Benchmarks.Changes;
using GatewayOS.Compiler;
using GatewayOS.Control.Ports;
using GatewayOS.Control.Reconciling;
using GatewayOS.Ovn;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>What it takes to compute everything anew in a process that has been at work for a while, and to find that the device has it all.</summary>
/// <remarks>As in ovn-controller, texts of logical flows stay parsed; everything else is forgotten.</remarks>
internal static class WarmRecompute
{
    // By then the runtime has compiled for good what is executed often.
    private const int Rounds = 4;

    public static async Task<(TimeSpan Cpu, int Entries)> MeasureAsync(Southbound southbound, string chassis, CancellationToken token)
    {
        var (compiler, reconciler, device) = (new PipelineCompiler(), new Reconciler(new MemoryDevice()), AssumedDevice.Of(southbound, chassis));
        for (var round = 1; ; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            compiler.Forget();
            var entries = await WriteAsync(compiler.Compile(southbound, chassis, device), reconciler, token);
            if (round == Rounds)
            {
                return (Environment.CpuUsage.TotalTime - before, entries);
            }
        }
    }

    private static async Task<int> WriteAsync(CompiledPipeline compiled, Reconciler reconciler, CancellationToken token)
    {
        await reconciler.ReconcileAsync(compiled.Entries.Select(entry => entry.Entry), token);
        return compiled.Entries.Count;
    }
}
