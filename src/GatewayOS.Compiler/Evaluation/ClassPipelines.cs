using System.Collections.Immutable;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The logical pipelines as packets of one class see them.</summary>
/// <remarks>
/// Most flows are for ARP, ND, multicast or conntrack states that do not occur here, and most tables are then left with
/// <c>1 =&gt; next</c>. Finding that out once per table, not once per path, is most of the speed of evaluation.
/// </remarks>
public sealed class ClassPipelines(LogicalNetwork network, PacketClass packetClass)
{
    private readonly MatchFolder _folder = new(network.IsResident);
    private readonly SymbolicState _anyPacket = new(
        new RootCatalog(packetClass, knowsRegisters: false),
        new Ports(null, null),
        new Passage(Origin.Tunnel.Instance, PacketClasses.RouterLimit, int.MaxValue, InPortHidden: false));

    private readonly Dictionary<(Guid, Pipeline), ImmutableArray<ClassTable>> _pipelines = [];

    public ImmutableArray<ClassTable> Of(Guid datapath, Pipeline pipeline)
    {
        if (!_pipelines.TryGetValue((datapath, pipeline), out var tables))
        {
            tables = [.. network.Tables(datapath, pipeline).Select((table, index) => Specialize(table, pipeline, index))];
            _pipelines.Add((datapath, pipeline), tables);
        }

        return tables;
    }

    private ClassTable Specialize(LogicalTable table, Pipeline pipeline, int index)
    {
        var left = new List<PreparedFlow>();
        var certain = false;
        foreach (var flow in table.All)
        {
            var residual = _folder.Fold(flow.Match, _anyPacket);
            if (!residual.IsFalse)
            {
                left.Add(flow);
            }

            if (residual.IsTrue)
            {
                certain = true;
                break;
            }
        }

        var passes = certain && left is [{ Actions: [ActionNode.Next next] }] && next.Pipeline == pipeline && next.Table == index + 1;
        return new ClassTable(left.Count == table.All.Count ? table : new LogicalTable(left), passes ? left[0].Uuid : null);
    }
}
