using GatewayOS.Bmv2;
using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Running;
using GatewayOS.Explain;
using GatewayOS.Explain.Packets;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reporting;

/// <summary>Answers what the device does with a packet: its entries are read back and run in the software switch.</summary>
public sealed class PacketReporter(GatewayControl control)
{
    // Whatever the device is given, bmv2's form of the program is beside the agent.
    private readonly Lazy<SwitchProgram> _program = new(() => SwitchProgram.Load(File.ReadAllBytes(PipelineArtefacts.Default.DeviceConfig)));

    /// <exception cref="ExplainException">The packet or its port cannot be understood, or nothing is known yet.</exception>
    /// <exception cref="P4RuntimeException">The device does not answer.</exception>
    public async Task<Explanation> ExplainAsync(string? inPort, string? packet, string? flow, CancellationToken token)
    {
        var state = control.State;
        if (state is not { Source: { } southbound, Chassis: { } chassis } || (state.Installed ?? state.Pipeline) is not { } pipeline)
        {
            throw new ExplainException("the agent has not compiled anything yet; see gatewayctl status");
        }

        var request = PacketRequest.Read(inPort, packet, flow, state.View.View);
        var made = request.Make(southbound, chassis, state.View.View);
        var content = DeviceContent.Of(pipeline) with { Entities = await EntitiesAsync(token) };
        var ports = state.View.View.Ports.ToDictionary(port => port.Number, port => port.Name);
        return new PacketExplainer(_program.Value, content, new FlowCatalogue(southbound), ports.GetValueOrDefault).Explain(made.Port, made.Octets, made.Remarks);
    }

    private async Task<IReadOnlyList<PipelineEntity>> EntitiesAsync(CancellationToken token)
    {
        var session = control.SessionOrThrow();
        var entities = new List<PipelineEntity>();
        var meters = new SortedSet<uint>();
        await foreach (var group in session.ReadMulticastGroupsAsync(token))
        {
            entities.Add(group);
        }

        await foreach (var (entry, _) in session.ReadEntriesAsync(null, counters: false, token))
        {
            if (Pipeline.TablesByName.ContainsKey(entry.Table))
            {
                entities.Add(entry);
                meters.UnionWith(Metering.Of(entry));
            }
        }

        entities.AddRange(await session.ReadMetersAsync(MeterNames.Meters, meters, token));

        return entities;
    }
}
