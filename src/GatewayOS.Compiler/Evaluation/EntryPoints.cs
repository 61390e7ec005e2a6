using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Everything that can come in, by a front port or by a tunnel (table 0 of br-int), and what becomes of it.</summary>
public sealed class EntryPoints(LogicalNetwork network, PacketClass packetClass, NodeTable nodes, AddressClasses classes)
{
    // With more, the input port is left open, and flows that ask about it punt.
    private const int DistinguishedLimit = 16;

    // Each is an entry of its own.
    private const int MemberLimit = 64;

    private readonly Evaluator _evaluator = new(network, packetClass, nodes, classes);
    private Dictionary<Door, EntryCell> _cells = [];
    private IReadOnlyList<PortBinding> _ports = [];
    private IReadOnlyList<EntryPoint> _points = [];
    private readonly HashSet<string> _distinguished = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _switches = [];
    private ILookup<Guid, PortBinding> _vteps = Array.Empty<PortBinding>().ToLookup(port => port.Datapath);

    /// <summary>The number of logical tables evaluated so far.</summary>
    public int Evaluations => _evaluator.Evaluations;

    /// <summary>The number of evaluations remembered.</summary>
    public int Remembered => _evaluator.Remembered;

    /// <summary>All entry points as of now.</summary>
    /// <param name="changes">What changed in the network since it was last asked.</param>
    public IReadOnlyList<EntryPoint> Update(NetworkChanges changes)
    {
        _evaluator.Update(changes);
        var ports = network.Doors.ToList();
        if (!ports.SequenceEqual(_ports, ReferenceEqualityComparer.Instance) || changes.Inputs.Any(Concerns))
        {
            Attach(ports);
        }

        _points = Current();
        _evaluator.Sweep();
        return _points;
    }

    // What doors are made of, besides the ports themselves: see FromPorts and FromTunnels.
    private bool Concerns(InputKey input) =>
        input.Kind is InputKind.Device or InputKind.Chassis or InputKind.Datapath or InputKind.EgressInPorts
        || (input.Kind is InputKind.Group or InputKind.Localnet && _switches.Contains(input.Id))
        || (input.Kind == InputKind.Local && _vteps.Count > 0) || (input.Kind == InputKind.Tunnel && _vteps.Contains(input.Id))
        || (input is { Kind: InputKind.Port, Name: { } name } && _distinguished.Contains(name));

    private void Attach(List<PortBinding> ports)
    {
        var before = _cells;
        _ports = ports;
        _distinguished.Clear();
        _switches.Clear();

        _vteps = ports.Where(port => port.Type == "vtep").ToLookup(port => port.Chassis!.Value);

        // Only of these a group may have members here.
        _switches.UnionWith(ports.Where(port => port.Type is not ("localnet" or "localport" or "vtep")).Select(port => port.Datapath));
        _cells = new Dictionary<Door, EntryCell>(before.Count);
        foreach (var door in ports.SelectMany(FromPorts).Concat(Tunnelled(ports)).Concat(_vteps.SelectMany(FromVtep)))
        {
            _cells.Add(door, before.Remove(door, out var known) ? known : new EntryCell(() => Evaluate(door)));
        }

        foreach (var gone in before.Values)
        {
            _evaluator.Forget(gone);
        }
    }

    // The same list, and the same points in it, where nothing is different.
    private IReadOnlyList<EntryPoint> Current()
    {
        var (points, isSame, i) = (new List<EntryPoint>(_cells.Count), _cells.Count == _points.Count, 0);
        foreach (var (door, cell) in _cells)
        {
            var edge = _evaluator.Result(cell);
            var known = i < _points.Count ? _points[i++] : null;
            if (known is null || !ReferenceEquals(known.Edge, edge) || known.Door != door)
            {
                (known, isSame) = (new EntryPoint(door, packetClass, edge), false);
            }

            points.Add(known);
        }

        return isSame ? _points : points;
    }

    // ARP requests to one go where a router or a machine has asked for itself.
    private IEnumerable<Door> Tunnelled(List<PortBinding> ports) =>
        (PacketClasses.Tracked.Contains(packetClass) ? ports.SelectMany(FromTunnels) : []).Concat(_switches.SelectMany(network.Groups).SelectMany(FromTunnels));

    // Members of a switch with a localnet port send to each other by that. What a member here is said to have sent it does not get back. A switch that connects availability zones has patch ports beyond
    // tunnels.
    private IEnumerable<Door> FromTunnels(MulticastGroup group)
    {
        var datapath = network.Datapath(group.Datapath);
        List<string> members = [.. _evaluator.Output.MembersHere(group).Select(port => port.LogicalPort)];
        List<string> asked = [.. network.InPortsTestedInEgress(group.Datapath).Except(members)];
        if (members.Count == 0 || members.Count + asked.Count > MemberLimit || network.Localnet(group.Datapath) is not null || datapath.ExternalIds.ContainsKey("interconn-ts"))
        {
            yield break;
        }

        var (name, own) = ($"{group.Name} of {group.Datapath}", (group.Datapath, group.Name));
        yield return new Door.Tunnel(name, KnownFields.OtherPort, TunnelType.Geneve, datapath.TunnelKey, group.TunnelKey, null, own);
        foreach (var inPort in members.Concat(asked).Select(network.Port).OfType<PortBinding>().Where(inPort => inPort.Datapath == group.Datapath))
        {
            yield return new Door.Tunnel(name, inPort.LogicalPort, TunnelType.Geneve, datapath.TunnelKey, group.TunnelKey, inPort.TunnelKey, own);
        }

        if (HasVxlanKey(datapath.TunnelKey, group.TunnelKey))
        {
            yield return new Door.Tunnel(name, "", TunnelType.Vxlan, Tunnels.VxlanKey(datapath.TunnelKey, group.TunnelKey), 0, null, own);
        }
    }

    private IEnumerable<Door> FromPorts(PortBinding port) =>
        network.Device.Ports.Where(leg => IsAttached(port, leg))
            .Select(leg => new Door.Port(port.LogicalPort, leg.Number, port.Type == "" && port.ParentPort is null ? 0 : port.Tag ?? 0));

    private bool IsAttached(PortBinding port, DevicePort leg) => port.Type switch
    {
        "localnet" => port.Options.Find("network_name") is { } name && leg.Networks.Contains(name) && !network.RewritesAddresses(name)
            && PhysicalOutput.IsPlainVlan(port),
        "l2gateway" => network.IsHere(port) && port.Options.Find("network_name") is { } name && leg.Networks.Contains(name) && PhysicalOutput.IsPlainVlan(port),
        "" => _evaluator.Output.LegOf(port) == leg && (port.ParentPort is null || port.Tag is > 0),
        "localport" => _evaluator.Output.LegOf(port) == leg,
        _ => false,
    };

    // One entry for whatever input port, and one for each that makes a difference: the port itself, whose packets the loopback
    // check would drop, and those that the egress pipeline asks about.
    private IEnumerable<Door> FromTunnels(PortBinding port)
    {
        if (!IsTunnelTarget(port))
        {
            yield break;
        }

        var datapathKey = network.Datapath(port.Datapath).TunnelKey;
        var distinguished = Distinguished(port);
        var others = distinguished.Count <= DistinguishedLimit ? KnownFields.OtherPort : null;
        yield return new Door.Tunnel(port.LogicalPort, others, TunnelType.Geneve, datapathKey, port.TunnelKey, null);
        foreach (var inPort in distinguished.Take(DistinguishedLimit))
        {
            yield return new Door.Tunnel(port.LogicalPort, inPort.LogicalPort, TunnelType.Geneve, datapathKey, port.TunnelKey, inPort.TunnelKey);
        }

        if (HasVxlanKey(datapathKey, port.TunnelKey))
        {
            // VXLAN has no room for the input port: it stays 0.
            yield return new Door.Tunnel(port.LogicalPort, "", TunnelType.Vxlan, Tunnels.VxlanKey(datapathKey, port.TunnelKey), 0, null);
        }
    }

    // Which of two ports of one switch in one datapath packets come by is not told.
    private IEnumerable<Door> FromVtep(IGrouping<Guid, PortBinding> @switch) =>
        network.TunnelTo(@switch.Key) is not { Encapsulation.Type: TunnelType.Vxlan, Number: > 0 and var number } ? []
        : from ports in @switch.GroupBy(port => port.Datapath)
          where ports.Count() == 1 && network.IsLocal(ports.Key)
          select new Door.Vtep(ports.Single().LogicalPort, @switch.Key, number, network.Datapath(ports.Key).TunnelKey);

    // From a VTEP switch such a key may be the whole key of another datapath.
    private bool HasVxlanKey(int datapathKey, int outKey) => Tunnels.HasVxlanKey(datapathKey, outKey)
        && !_vteps.SelectMany(ports => ports).Any(port => network.Datapath(port.Datapath).TunnelKey == Tunnels.VxlanKey(datapathKey, outKey));

    private List<PortBinding> Distinguished(PortBinding port)
    {
        var looped = port.Type == "chassisredirect" ? port.Options.Find("distributed-port") ?? "" : port.LogicalPort;
        List<string> names = [.. network.InPortsTestedInEgress(port.Datapath).Prepend(looped).Distinct()];
        _distinguished.UnionWith(names);
        return [.. names
            .Select(network.Port).OfType<PortBinding>().Where(inPort => inPort.Datapath == port.Datapath)];
    }

    private bool IsTunnelTarget(PortBinding port) => port.Type switch
    {
        "" or "l3gateway" or "l2gateway" or "chassisredirect" => network.IsHere(port),
        _ => false,
    };

    private Edge Evaluate(Door key) => Enter(key, network, _evaluator, state => state);

    /// <summary>Evaluates packets that come in by a door.</summary>
    /// <param name="key">The door.</param>
    /// <param name="network">The network.</param>
    /// <param name="evaluator">Evaluates.</param>
    /// <param name="known">Adds what is known of the packets besides.</param>
    internal static Edge Enter(Door key, LogicalNetwork network, Evaluator evaluator, Func<SymbolicState, SymbolicState> known)
    {
        switch (key)
        {
            case Door.Port(var name, var number, _):
                var port = network.Port(name)!;
                var passage = new Passage(new Origin.Port(number, name), 0, 0, int.MaxValue, InPortHidden: false);
                var state = known(new SymbolicState(evaluator.Roots, name, "", passage));
                var edge = evaluator.Run(new TableKey(port.Datapath, LogicalFlows.Pipeline.Ingress, 0), state);
                return evaluator.Output.ExceptTo(network.Device.Ports.First(leg => leg.Number == number).LocalAddresses, state, edge);
            case Door.Tunnel { Group: (var datapath, var group) } tunnel when network.Group(datapath, group) is { } row:
                return evaluator.Output.ToMembersHere(row, known(new SymbolicState(
                    evaluator.Roots, tunnel.InPort, group, new Passage(Origin.Tunnel.Instance, 0, 0, int.MaxValue, InPortHidden: false))));
            case Door.Tunnel { Group: null } tunnel:
                return evaluator.Output.ToPort(network.Port(tunnel.LogicalPort)!, known(new SymbolicState(
                    evaluator.Roots, tunnel.InPort, tunnel.LogicalPort, new Passage(Origin.Tunnel.Instance, 0, 0, int.MaxValue, InPortHidden: false))));
            case Door.Vtep vtep:
                return evaluator.Run(
                    new TableKey(network.Port(vtep.LogicalPort)!.Datapath, LogicalFlows.Pipeline.Ingress, 0),
                    known(new SymbolicState(evaluator.Roots, vtep.LogicalPort, "", new Passage(new Origin.Vtep(vtep.Chassis, vtep.LogicalPort), 0, 0, int.MaxValue, InPortHidden: false))
                        .With(KnownFields.FromVtep, Bits.Constant(1, 1))));
            default:
                throw new InvalidOperationException();
        }
    }
}
