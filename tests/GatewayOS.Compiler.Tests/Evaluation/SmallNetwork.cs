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
    private static readonly TunnelPath s_path = new(0x0a00_0002, 0x0a00_0001, 1, new MacAddress(0x0200_0000_0001), new MacAddress(0x0200_0000_0002), 1600);

    private readonly Encap _ownEncap, _farEncap, _thirdEncap;
    private readonly Chassis _self, _far, _third;
    private readonly DatapathBinding _switch = new() { Uuid = Guid.NewGuid(), TunnelKey = 1 };
    private readonly List<DatapathBinding> _others = [];
    private readonly List<LogicalFlow> _flows = [];
    private readonly List<PortBinding> _ports = [];
    private readonly List<MulticastGroup> _groups = [];
    private readonly List<DevicePort> _legs = [];
    private readonly List<MacBinding> _neighbors = [];
    private readonly List<LoadBalancer> _balancers = [];

    /// <param name="encap">The type of the tunnel to the other chassis.</param>
    /// <param name="isVtep">Whether that is a VTEP switch.</param>
    public SmallNetwork(string encap = "geneve", bool isVtep = false)
    {
        (_ownEncap, _farEncap) = (new() { Uuid = Guid.NewGuid(), Type = encap, Ip = "10.0.0.1" }, new() { Uuid = Guid.NewGuid(), Type = encap, Ip = "10.0.0.2" });
        _self = new() { Uuid = Guid.NewGuid(), Name = "self", Encaps = [_ownEncap.Uuid] };
        _far = new() { Uuid = Guid.NewGuid(), Name = "far", Encaps = [_farEncap.Uuid], OtherConfig = TextMap.Of(("is-vtep", isVtep ? "true" : "false")) };
        _thirdEncap = _farEncap with { Uuid = Guid.NewGuid(), Ip = "10.0.0.3" };
        _third = new() { Uuid = Guid.NewGuid(), Name = "third", Encaps = [_thirdEncap.Uuid] };
        Machine("in").Machine("out");
        Flow("egress", 0, "1", "output;");
    }

    /// <summary>The Chassis row of another chassis, to which there is a tunnel by front port 1.</summary>
    public Guid Far => _far.Uuid;

    /// <summary>That of one more, to which there is a tunnel by the same front port.</summary>
    public Guid Third => _third.Uuid;

    public Guid Self => _self.Uuid;

    public Guid Switch => _switch.Uuid;

    /// <summary>The tunnel key of the switch.</summary>
    public int SwitchKey
    {
        get => _switch.TunnelKey;
        init => _switch = _switch with { TunnelKey = value };
    }

    /// <summary>What the chassis calls ovn-chassis-mac-mappings.</summary>
    public string Mappings { get; init; } = "";

    public SmallNetwork Machine(string name)
    {
        _legs.Add(new DevicePort(_legs.Count + 2, name, [], name, 1500, []));
        return Port(new PortBinding { LogicalPort = name, Chassis = _self.Uuid });
    }

    /// <summary>A front port for a physical network, and a localnet port unless another type is named.</summary>
    public SmallNetwork Network(string name, int? tag = null, string type = "localnet", params MacAddress[] hostAddresses)
    {
        _legs.Add(new DevicePort(_legs.Count + 2, name, [name], null, 1500, [.. hostAddresses]));
        return Port(new PortBinding
        {
            LogicalPort = name,
            Type = type,
            Tag = tag,
            Options = TextMap.Of(("network_name", name), ("l2gateway-chassis", "self")),
            Chassis = type == "localnet" ? null : _self.Uuid,
        });
    }

    /// <summary>A front port whose interface has this name, without a port of a machine.</summary>
    public SmallNetwork Leg(string interfaceId)
    {
        _legs.Add(new DevicePort(_legs.Count + 2, interfaceId, [], interfaceId, 1500, []));
        return this;
    }

    public SmallNetwork Port(PortBinding port)
    {
        _ports.Add(port with { Uuid = Guid.NewGuid(), Datapath = _switch.Uuid, TunnelKey = _ports.Count + 1 });
        return this;
    }

    /// <summary>Another datapath, with a port on the other chassis.</summary>
    public SmallNetwork Datapath(int key, PortBinding port)
    {
        _others.Add(new DatapathBinding { Uuid = Guid.NewGuid(), TunnelKey = key });
        _ports.Add(port with { Uuid = Guid.NewGuid(), Datapath = _others[^1].Uuid, TunnelKey = 1, Chassis = Far });
        return this;
    }

    /// <summary>Gives a port addresses, which it may have to keep to.</summary>
    public SmallNetwork Addresses(string name, string addresses, bool isSecure)
    {
        var index = _ports.FindIndex(port => port.LogicalPort == name);
        _ports[index] = _ports[index] with { Mac = [addresses], PortSecurity = isSecure ? [addresses] : [] };
        return this;
    }

    /// <param name="name">The name of the group.</param>
    /// <param name="members">The names of its ports.</param>
    public SmallNetwork Group(string name, params string[] members)
    {
        _groups.Add(new MulticastGroup
        {
            Uuid = Guid.NewGuid(),
            Datapath = _switch.Uuid,
            Name = name,
            TunnelKey = 0x8000 + _groups.Count,
            Ports = [.. members.Select(member => _ports.Single(port => port.LogicalPort == member).Uuid)],
        });
        return this;
    }

    /// <summary>A neighbour that a port has learned.</summary>
    public SmallNetwork Neighbor(string port, string ip, string mac)
    {
        _neighbors.Add(new MacBinding { Uuid = Guid.NewGuid(), Datapath = _switch.Uuid, LogicalPort = port, Ip = ip, Mac = mac });
        return this;
    }

    /// <summary>A load balancer, instead of one that had its name.</summary>
    public SmallNetwork Balancer(LoadBalancer balancer)
    {
        _balancers.RemoveAll(other => other.Name == balancer.Name);
        _balancers.Add(balancer with { Uuid = Guid.NewGuid() });
        return this;
    }

    public SmallNetwork Ingress(string match, string actions, int priority = 0, int table = 0) => Flow("ingress", table, match, actions, priority);

    public SmallNetwork Flow(string pipeline, int table, string match, string actions, int priority = 0)
    {
        _flows.Add(new LogicalFlow
        {
            Uuid = Guid.NewGuid(),
            LogicalDatapath = _switch.Uuid,
            Pipeline = pipeline,
            TableId = table,
            Priority = priority,
            Match = match,
            Actions = actions,
        });
        return this;
    }

    public CompiledPipeline Compile() => Compile(new PipelineCompiler());

    public CompiledPipeline Compile(PipelineCompiler compiler) => compiler.Compile(
        Southbound.Empty with { Chassis = [_self with { OtherConfig = TextMap.Of(("ovn-chassis-mac-mappings", Mappings)) }, _far, _third], Encaps = [_ownEncap, _farEncap, _thirdEncap], DatapathBindings = [_switch, .. _others], PortBindings = [.. _ports], LogicalFlows = [.. _flows], MulticastGroups = [.. _groups], MacBindings = [.. _neighbors], LoadBalancers = [.. _balancers] },
        "self", new DeviceView([.. _legs], [s_path, s_path with { RemoteIp = 0x0a00_0003 }]));

    /// <summary>The reasons of the packets that come from <c>in</c> and are left to OVS.</summary>
    public IEnumerable<string> Reasons(PacketClass packetClass = PacketClass.Ipv4) =>
        Behind(Compile(), packetClass).Select(entry => entry.Cause?.Reason).OfType<string>().Select(Compiler.Evaluation.Reasons.Plain).Distinct().Order(StringComparer.Ordinal);

    /// <summary>What becomes of packets from <c>in</c>, by the last entries that they may meet: the front port, with a VLAN or the keys of a tunnel, or the verdict.</summary>
    public IEnumerable<string> Fates(PacketClass packetClass = PacketClass.Ipv4)
    {
        var pipeline = Compile();
        return Fates(pipeline, Behind(pipeline, packetClass));
    }

    /// <summary>What becomes of packets that come by Geneve for a group of ports, from another chassis or from a port of the group.</summary>
    /// <param name="inKey">The tunnel key of the port that they say they are from; null for one that no entry names.</param>
    public IEnumerable<string> FatesOfGroup(PacketClass packetClass, int? inKey = null)
    {
        var pipeline = Compile();
        return Fates(pipeline, Behind(pipeline, pipeline.Entries.Single(entry => entry.Entry.Table == TableNames.EntryTunnel
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.OutKey, 0x8000)) && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Class, (uint)packetClass))
            && entry.Entry.Match.OfType<FieldMatch.Lpm>().Select(match => (int?)match.Value).FirstOrDefault() == inKey)));
    }

    /// <summary>What becomes of packets that come by Geneve for a port, from a port that no entry names.</summary>
    public IEnumerable<string> FatesFromTunnel(uint outKey, PacketClass packetClass = PacketClass.Ipv4)
    {
        var pipeline = Compile();
        return Fates(pipeline, Behind(pipeline, pipeline.Entries.Single(entry => entry.Entry.Table == TableNames.EntryTunnel
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.OutKey, outKey)) && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Class, (uint)packetClass))
            && !entry.Entry.Match.OfType<FieldMatch.Lpm>().Any())));
    }

    /// <summary>What becomes of packets that the other chassis sends as a VTEP switch; null if the device knows none such.</summary>
    public IEnumerable<string>? FatesFromVtep(PacketClass packetClass = PacketClass.Ipv4)
    {
        var pipeline = Compile();
        return pipeline.Entries.SingleOrDefault(entry => entry.Entry.Table == TableNames.EntryTunnel
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Vni, (uint)SwitchKey)) && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.OutKey, 0))
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Class, (uint)packetClass)) && entry.Entry.Match.Contains(new FieldMatch.Lpm(KeyNames.InKey, 2, 16))) is { } door
            ? Fates(pipeline, Behind(pipeline, door)) : null;
    }

    private static IEnumerable<string> Fates(CompiledPipeline pipeline, IEnumerable<CompiledEntry> entries)
    {
        return entries.SelectMany(entry => Calls(entry.Entry.Action)).Where(call => call.Name is not (ActionNames.Go or ActionNames.GoEdit) && !call.Name.StartsWith("go_", StringComparison.Ordinal) && !IsTurn(call))
            .Select(call => call.Name is ActionNames.Forward or ActionNames.ForwardEdit ? Output(pipeline, call[ParameterNames.Out]) : call.Name).Distinct().Order(StringComparer.Ordinal);
    }

    /// <summary>The VLANs (0: none) in which packets come in by a front port.</summary>
    public static IEnumerable<uint> Vlans(CompiledPipeline pipeline, uint leg) =>
        pipeline.Entries.Where(entry => entry.Entry.Table == TableNames.EntryPort && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.IngressPort, leg)))
            .Select(entry => (uint)entry.Entry.Match.OfType<FieldMatch.Exact>().Single(match => match.Field == KeyNames.VlanId).Value).Distinct().Order();

    private static bool IsTurn(ActionCall call) => call.Name is ActionNames.Turn or ActionNames.TurnEth or ActionNames.Answer;

    private static string Output(CompiledPipeline pipeline, UInt128 number)
    {
        var output = Find(TableNames.Output);
        if (output.Name == ActionNames.Group)
        {
            var entry = pipeline.Entries.Select(entry => entry.Entry).Single(entry => entry.Table == Replication.Table && ((FieldMatch.Exact)entry.Match[0]).Value == output[ParameterNames.McastGroup]);
            return string.Join(" + ", Replication.GroupOf(entry).Replicas.Select(copy => Output(pipeline, copy.Instance)).Order(StringComparer.Ordinal));
        }

        var framing = Find(TableNames.Framing);
        return $"{(uint)output[ParameterNames.Port]}" + framing.Name switch
        {
            ActionNames.Vlan => $" vlan {(uint)framing[ParameterNames.Vid]}",
            ActionNames.Vxlan => $" vxlan {(uint)framing[ParameterNames.Vni]:x}",
            ActionNames.Geneve => $" geneve {(uint)framing[ParameterNames.InKey]:x} -> {(uint)framing[ParameterNames.OutKey]:x}",
            _ => "",
        };

        ActionCall Find(string table) => (ActionCall)pipeline.Entries.Single(entry => entry.Entry.Table == table && ((FieldMatch.Exact)entry.Entry.Match[0]).Value == number).Entry.Action;
    }

    private static IEnumerable<ActionCall> Calls(TableAction action) => action switch
    {
        ActionCall call => [call],
        ActionSet set => set.Calls.Select(member => member.Call),
        _ => [],
    };

    /// <summary>The entries that a packet from <c>in</c> may meet.</summary>
    public static IEnumerable<CompiledEntry> Behind(CompiledPipeline pipeline, PacketClass packetClass = PacketClass.Ipv4)
    {
        return Behind(pipeline, pipeline.Entries.Single(entry => entry.Entry.Table == TableNames.EntryPort
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.IngressPort, 2)) && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.VlanId, 0))
            && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Class, (uint)packetClass))));
    }

    private static HashSet<CompiledEntry> Behind(CompiledPipeline pipeline, CompiledEntry entry)
    {
        var (states, found) = (new Queue<UInt128>([((ActionCall)entry.Entry.Action)[ParameterNames.State]]), new HashSet<CompiledEntry>());
        while (states.TryDequeue(out var state))
        {
            foreach (var next in pipeline.Entries.Where(next => next.Entry.Match is [FieldMatch.Exact { Field: KeyNames.State } own, ..] && own.Value == state))
            {
                if (found.Add(next))
                {
                    Calls(next.Entry.Action).Where(call => call.Name.StartsWith("go", StringComparison.Ordinal) || IsTurn(call)).ToList().ForEach(call => states.Enqueue(call[ParameterNames.Next]));
                }
            }
        }

        return found;
    }
}
