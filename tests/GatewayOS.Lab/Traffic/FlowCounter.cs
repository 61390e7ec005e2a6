using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Counts the packets of a flow at all its ends.</summary>
internal sealed class FlowCounter : IAsyncDisposable
{
    private readonly List<PacketCounter> _ends;

    private FlowCounter(List<PacketCounter> ends) => _ends = ends;

    public TrafficCount Count => _ends.Aggregate(default(TrafficCount), (sum, end) => sum + end.Count);

    public static FlowCounter Open(LabNetwork lab, Flow flow) => new(
        [PacketCounter.Open(lab, flow.Client, flow.ServerSeenAs), .. flow.Servers.Select(server => PacketCounter.Open(lab, server.Node, flow.ClientSeenAs))]);

    public async ValueTask DisposeAsync()
    {
        foreach (var end in _ends)
        {
            await end.DisposeAsync();
        }
    }
}
