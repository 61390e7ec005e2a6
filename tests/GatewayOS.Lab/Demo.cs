using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;
using Spectre.Console;

namespace GatewayOS.Lab;

/// <summary>The demonstration: real OVN, real traffic, and a table of where each kind of it went.</summary>
internal sealed class Demo(IAnsiConsole console)
{
    private const int Messages = 10;

    /// <returns>The exit code: 0 when every packet that was sent was received.</returns>
    public async Task<int> RunAsync(Device device, bool keep, CancellationToken token)
    {
        var start = TimeProvider.System.GetTimestamp();
        await using var lab = await Running.Lab.StartAsync(DemoNetwork.Topology, device, token);
        if (keep)
        {
            lab.Keep();
        }

        console.WriteLine($"{lab.Name}: up in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:f1} s");
        var traffic = new TrafficRunner(lab);
        await traffic.WarmUpAsync(DemoNetwork.Traffic.SelectMany(kind => kind.Flows).Distinct(), token);
        console.WriteLine($"{lab.Name}: warm after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:f1} s");
        var lost = 0L;
        foreach (var kind in DemoNetwork.Traffic)
        {
            var count = await traffic.RunAsync(kind, Messages, token);
            lost += count.Sent - count.Received;
            console.WriteLine($"{kind.Name}: {count.Sent} {count.Received}");
        }
        console.WriteLine($"{lab.Name}: done after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:f1} s");
        return lost == 0 ? 0 : 1;
    }
}
