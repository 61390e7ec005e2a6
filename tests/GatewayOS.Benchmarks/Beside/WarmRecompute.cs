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
            var compiled = compiler.Compile(southbound, chassis, device);
            await reconciler.ReconcileAsync(compiled.Entries.Select(entry => entry.Entry), token);
            if (round == Rounds)
            {
                return (Environment.CpuUsage.TotalTime - before, compiled.Entries.Count);
            }

            // A compiler that is asked for another chassis starts anew, and so it does when it is asked for this one again.
            compiler.Compile(southbound, "", DeviceView.Empty);
        }
    }
}
