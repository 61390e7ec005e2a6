using GatewayOS.Compiler.Emission;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using GatewayOS.P4;
using MulticastGroup = GatewayOS.Ovn.Rows.MulticastGroup;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>A switch with two machines on the chassis, <c>in</c> on front port 2 and <c>out</c> on front port 3, and the flows that a test gives it.</summary>
internal sealed class SmallNetwork
{
    private readonly Chassis _self = new() { Uuid = Guid.NewGuid(), Name = "self" };
    private readonly DatapathBinding _switch = new() { Uuid = Guid.NewGuid(), TunnelKey = 1 };
    private readonly List<LogicalFlow> _flows = [];
    private readonly List<PortBinding> _ports = [];
    private readonly List<MulticastGroup> _groups = [];
    private readonly List<DevicePort> _legs = [];

    public SmallNetwork()
    {
        Machine("in").Machine("out");
        Flow("egress", 0, "1", "output;");
    }

    public SmallNetwork Machine(string name)
    {
        _legs.Add(new DevicePort(_legs.Count + 2, name, [], name, 1500, []));
        return Port(new PortBinding { LogicalPort = name, Chassis = _self.Uuid });
    }

    /// <summary>A localnet port, on a front port of its own.</summary>
    public SmallNetwork Network(string name, int? tag = null)
    {
        _legs.Add(new DevicePort(_legs.Count + 2, name, [name], null, 1500, []));
        return Port(new PortBinding { LogicalPort = name, Type = "localnet", Tag = tag, Options = TextMap.Of(("network_name", name)) });
    }

    public SmallNetwork Port(PortBinding port)
    {
        _ports.Add(port with { Uuid = Guid.NewGuid(), Datapath = _switch.Uuid, TunnelKey = _ports.Count + 1 });
        return this;
    }

    /// <param name="name">The name of the group.</param>
    /// <param name="members">The names of its ports.</param>
    public SmallNetwork Group(string name, params string[] members)
    {
        _groups.Add(new MulticastGroup
        {
            Uuid = Guid.NewGuid(), Datapath = _switch.Uuid, Name = name, TunnelKey = 0x8000 + _groups.Count,
            Ports = [.. members.Select(member => _ports.Single(port => port.LogicalPort == member).Uuid)],
        });
        return this;
    }

    public SmallNetwork Ingress(string match, string actions, int priority = 0, int table = 0) => Flow("ingress", table, match, actions, priority);

    public SmallNetwork Flow(string pipeline, int table, string match, string actions, int priority = 0)
    {
        _flows.Add(new LogicalFlow
        {
            Uuid = Guid.NewGuid(), LogicalDatapath = _switch.Uuid, Pipeline = pipeline, TableId = table, Priority = priority, Match = match, Actions = actions,
        });
        return this;
    }

    public CompiledPipeline Compile() => new PipelineCompiler().Compile(
        Southbound.Empty with { Chassis = [_self], DatapathBindings = [_switch], PortBindings = [.. _ports], LogicalFlows = [.. _flows], MulticastGroups = [.. _groups] },
        "self", new DeviceView([.. _legs], []));

    /// <summary>The reasons of the packets that come from <c>in</c> and are left to OVS, IPv4 only.</summary>
    public IEnumerable<string> Reasons() =>
        Behind(Compile()).Select(entry => entry.Cause?.Reason).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <summary>The entries that an IPv4 packet from <c>in</c> may meet.</summary>
    public static IEnumerable<CompiledEntry> Behind(CompiledPipeline pipeline)
    {
        var entry = pipeline.Entries.Single(entry => entry.Entry.Table == TableNames.EntryPort
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.IngressPort, 2)) && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Class, 1)));
        var (states, found) = (new Queue<UInt128>([((ActionCall)entry.Entry.Action)[ParameterNames.State]]), new HashSet<CompiledEntry>());
        while (states.TryDequeue(out var state))
        {
            foreach (var next in pipeline.Entries.Where(next => next.Entry.Match is [FieldMatch.Exact { Field: KeyNames.State } own, ..] && own.Value == state))
            {
                if (found.Add(next) && next.Entry.Action is ActionCall { Name: ActionNames.Go or ActionNames.GoEdit } go)
                {
                    states.Enqueue(go[ParameterNames.Next]);
                }
            }
        }

        return found;
    }
}
