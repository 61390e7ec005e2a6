using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>
/// The physical steps between and after the logical pipelines: local or remote output, the loopback check, patch ports, and
/// the way out (ovn-architecture(7), Architectural Physical Life Cycle of a Packet; tables 37 to 41, 64 and 65 of br-int).
/// </summary>
public sealed class PhysicalOutput(LogicalNetwork network, NodeTable nodes, Evaluator evaluator)
{
    private const int GroupBit = 40;

    private readonly CopySet _copies = new(nodes);

    /// <summary><c>output</c> in an ingress pipeline.</summary>
    public Edge FromIngress(Guid datapath, SymbolicState state)
    {
        switch (state.OutPort)
        {
            case null:
                return Leaf.Untestable("outport", "output");
            case "" or KnownFields.NoPort:
                return Leaf.Drop(state);
            default:
                break;
        }

        if (StaysHere(state) is not { } staysHere)
        {
            return Leaf.Untestable("flags", "output");
        }

        if (network.Group(datapath, state.OutPort) is { } group)
        {
            return staysHere ? ToGroupHere(group, state) : ToGroup(group, state);
        }

        if (network.Port(state.OutPort) is not { } port || port.Datapath != datapath)
        {
            return Leaf.Punt(Reasons.NoPort, state.OutPort);
        }

        var access = AccessTo(port);
        if (access == Access.Localnet && network.PortsOfSeveral(datapath).Any(name => state.IsInPort(name) != false))
        {
            return Leaf.Elsewhere("a network, from a port of several chassis", $"outport \"{port.LogicalPort}\"");
        }

        return staysHere && access is Access.Remote or Access.Several ? Leaf.Drop(state)
            : !staysHere && port.AdditionalChassis.Count > 0 && access is Access.Local or Access.Several ? ToAll(port, state)
            : ToPort(port, state);
    }

    // All chassis of a port that is being moved get a copy, and this one, if it is among them, hands its own on (controller/physical.c, get_remote_tunnels).
    private Edge ToAll(PortBinding port, SymbolicState state)
    {
        var copies = ChassisOf(port).Where(chassis => chassis != network.Chassis).Select(chassis => ToChassis(chassis, port.Datapath, port.TunnelKey, port.LogicalPort, state, isVtep: false)).ToList();
        if (AccessTo(port) == Access.Local)
        {
            copies.Add(ToPort(port, state));
        }

        return _copies.Several(copies, state, new PuntCause(Reasons.About(Reasons.Flood, "a port of several chassis"), $"outport \"{port.LogicalPort}\"", null));
    }

    private static IEnumerable<Guid> ChassisOf(PortBinding port) => port.Chassis is { } main ? port.AdditionalChassis.Prepend(main) : port.AdditionalChassis;

    // What a VTEP switch sends it has sent to whom else it is for: it goes by no tunnel, unless it is an answer (table 39 of br-int, priority 150).
    private static bool? StaysHere(SymbolicState state) => (int?)state[KnownFields.FromVtep].ConstantValue switch
    {
        0 => false,
        1 => state[KnownFields.Loopback].ConstantValue is { } loopback ? loopback == 0 : null,
        _ => null,
    };

    // With a localnet port, or as a switch that connects availability zones, it has other members than those that packets from tunnels are for.
    private Edge ToGroupHere(MulticastGroup group, SymbolicState state) =>
        network.Localnet(group.Datapath) is not null || network.Datapath(group.Datapath).ExternalIds.ContainsKey("interconn-ts")
            ? Leaf.Punt(Reasons.About(Reasons.Flood, NameOf(group)), $"outport \"{group.Name}\"")
            : ToMembersHere(group, state);

    /// <summary>Output to a port as table 40 of br-int does it, where packets from tunnels enter.</summary>
    public Edge ToPort(PortBinding port, SymbolicState state)
    {
        switch (AccessTo(port))
        {
            case Access.Local:
                return ToLocal(port, state);
            case Access.Redirected when network.Port(port.Options.Find("distributed-port") ?? "") is { } distributed && distributed.Datapath == port.Datapath:
                return ToLocal(distributed, state);
            case Access.Localnet:
                return ToLocal(network.Localnet(port.Datapath)!, state);
            case Access.Remote:
                return ToChassis(port, state);
            default:
                return Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\"");
        }
    }

    private static string KindOf(PortBinding port) => port switch
    {
        { AdditionalChassis.Count: > 0 } => "a port of several chassis",
        { Type: "" } => "a port of this chassis",
        { Type: "localnet" or "l2gateway" } => "a network without a port of the device",
        _ => $"type {port.Type}",
    };

    /// <summary><c>output</c> in an egress pipeline: the packet leaves the datapath.</summary>
    public Edge FromEgress(Guid datapath, SymbolicState state)
    {
        if (state.OutPort is not { } name || network.Port(name) is not { } port || port.Datapath != datapath)
        {
            return Leaf.Punt(Reasons.NoPort, state.OutPort ?? "outport");
        }

        if (state[KnownFields.Loopback].ConstantValue is not { } loopback)
        {
            return Leaf.Untestable("flags.loopback", "output");
        }

        // Table 64 hides the in_port from OVS for as long as the packet is worked on beyond this port.
        var beyond = loopback == 1 ? state.WithInPortHidden() : state;
        return port.Type switch
        {
            "patch" or "l3gateway" => ToPeer(port, beyond),
            "localnet" or "l2gateway" => ToNetwork(port, beyond),
            "" or "localport" => ToInterface(port, beyond),
            _ => Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\""),
        };
    }

    private enum Access
    {
        Local,
        Redirected,
        Localnet,
        Remote,
        Several,
        Unknown,
    }

    // What has no OpenFlow port here is reached by the localnet port of its switch, and by a tunnel only where there is none.
    private Access AccessTo(PortBinding port)
    {
        switch (port.Type)
        {
            case "patch":
            case "l3gateway" when network.IsHere(port):
            case "" when port.AdditionalChassis.Count == 0 ? network.IsHere(port) : LegOf(port) is not null:
            case "localport" when LegOf(port) is not null:
                return Access.Local;
            case "localnet":
            case "l2gateway" when network.IsHere(port):
                return DevicePortOf(port) is null ? Access.Unknown : Access.Local;
            case "chassisredirect":
                return network.IsHere(port) ? Access.Redirected
                    : port.Options.Find("redirect-type") == "bridged" || network.HasStandby(port) ? Access.Unknown
                    : Access.Remote;
            case "" or "l3gateway" or "l2gateway" or "external" or "vtep" when port.AdditionalChassis.Count == 0:
                return network.Localnet(port.Datapath) is { } localnet ? (DevicePortOf(localnet) is null ? Access.Unknown : Access.Localnet)
                    : port.Type == "external" || network.HasStandby(port) ? Access.Unknown
                    : Access.Remote;
            case "" when port.ParentPort is null && !ChassisOf(port).Any(chassis => chassis == network.Chassis) && !network.HasStandby(port):
                return Access.Several;
            default:
                return Access.Unknown;
        }
    }

    private DevicePort? DevicePortOf(PortBinding localnet) =>
        localnet.Options.Find("network_name") is { } name && network.Device.Ports.Where(port => port.Networks.Contains(name)).ToList() is [var only]
            ? only
            : null;

    /// <summary>Whether the localnet port uses 802.1Q tags or none; OVN can also be told to use 802.1ad, and to pass tags through.</summary>
    public static bool IsPlainVlan(PortBinding localnet) =>
        localnet.Options.Find("ethtype") is null or "802.1q" && localnet.Options.Find("vlan-passthru") is null or "false";

    // Registers are cleared so that a packet from a tunnel finds what a local one does.
    private Edge ToLocal(PortBinding port, SymbolicState state)
    {
        if (IsWithinCrowd(port, state))
        {
            return Leaf.Punt(Reasons.Crowd, $"outport \"{port.LogicalPort}\"");
        }

        if (state.IsInPort(port.LogicalPort) == true)
        {
            switch ((int?)state[KnownFields.Loopback].ConstantValue)
            {
                case null:
                    return Leaf.Untestable("flags.loopback", "output");
                case 0:
                    return Leaf.Drop(state);
                default:
                    break;
            }
        }

        return evaluator.Run(
            new TableKey(port.Datapath, Pipeline.Egress, 0),
            state.Cleared(RootKind.Register).WithPorts(InPortForEgress(port.Datapath, state), port.LogicalPort));
    }

    /// <summary>From a router to a switch with many routers, and to one of these; also to itself, so that all of them are treated alike.</summary>
    /// <remarks>From which of them is not asked: so all of them share what follows.</remarks>
    private bool IsWithinCrowd(PortBinding port, SymbolicState state) =>
        port.Type == "patch" && network.Routers(port.Datapath).Count > PacketClasses.DetourLimit
        && state.ByPatchPort && Crowd(port.Datapath, 0, state) is not null;

    /// <summary>The routers of a switch, if what a router sends to one of them is left to software.</summary>
    /// <param name="datapath">The switch.</param>
    /// <param name="ahead">How many patch ports packets still have to pass until they are there.</param>
    /// <param name="state">The packets.</param>
    public IReadOnlySet<ulong>? Crowd(Guid datapath, int ahead, SymbolicState state) =>
        network.Routers(datapath) is { Count: > PacketClasses.DetourLimit } routers && (routers.Count > PacketClasses.CrowdLimit || IsDetour(datapath, ahead, state)) ? routers : null;

    // It came from this switch, or has passed one router on the way to the one that sends.
    private bool IsDetour(Guid datapath, int ahead, SymbolicState state) =>
        state.Crossings + ahead > 2 || (OriginalPort(state.From) is { } from && network.Port(from) is { } port && port.Datapath == datapath);

    private static string? OriginalPort(Origin origin) => origin switch { Origin.Port port => port.LogicalPort, Origin.Vtep vtep => vtep.LogicalPort, _ => null };

    // Nothing behind the loopback check asks for the input port unless a flow does: forgetting it lets paths from all ports merge.
    private string? InPortForEgress(Guid datapath, SymbolicState state) =>
        network.InPortsTestedInEgress(datapath).Count == 0 ? KnownFields.OtherPort : state.InPort;

    // No flow of table 39 or 40 is for a port that is nowhere (controller/physical.c, put_remote_port_redirect_overlay), and what meets none is dropped.
    private Edge ToChassis(PortBinding port, SymbolicState state) =>
        port.Chassis is not { } chassis ? Leaf.Drop(state)
        : port.Type == "vtep" ? ToChassis(chassis, port.Datapath, port.TunnelKey, port.LogicalPort, state.WithInPortHidden(), isVtep: true)
        : ToChassis(chassis, port.Datapath, port.TunnelKey, port.LogicalPort, state, isVtep: false);

    private Edge ToChassis(Guid chassis, Guid datapath, int outKey, string name, SymbolicState state, bool isVtep)
    {
        if (network.TunnelTo(chassis) is not { Encapsulation: var encapsulation, DevicePort: var devicePort, MaxLength: var maxLength } || state.InPort is not { } inPort || network.Port(inPort) is not { } source)
        {
            return Leaf.Punt(Reasons.NeighborUnknown, $"no tunnel to the chassis of \"{name}\"");
        }

        // A VTEP switch takes the whole key of VXLAN for the datapath's (controller/physical.c, put_encapsulation).
        var datapathKey = network.Datapath(datapath).TunnelKey;
        outKey = isVtep && encapsulation.Type == TunnelType.Vxlan ? 0 : outKey;
        if (encapsulation.Type == TunnelType.Vxlan && !Tunnels.HasVxlanKey(datapathKey, outKey))
        {
            return Leaf.Elsewhere("a port without a key for VXLAN", $"outport \"{name}\"");
        }

        // What a localport sends stays on the chassis.
        if (source.Type == "localport")
        {
            return Leaf.Elsewhere("another chassis, from a localport", $"outport \"{name}\"");
        }

        // OVS does not send a packet back to the port it came from, and all that came by a tunnel may have come by this one.
        return !state.InPortHidden && (state.From is Origin.Tunnel || (state.From is Origin.Vtep from && from.Chassis == chassis))
            ? Leaf.Punt(Reasons.HairPin, $"outport \"{name}\"")
            : Leaf.Forward(new OutputTarget.Tunnel(
                devicePort, Math.Min(maxLength, state.MaxLength), encapsulation,
                datapathKey, source.TunnelKey, outKey));
    }

    /// <summary>Output to a group, as tables 39 and 40 of br-int replicate it. One copy that is left is unicast, none is a drop, the device makes several.</summary>
    private Edge ToGroup(MulticastGroup group, SymbolicState state)
    {
        // An answer to a VTEP switch for many: OVN before 23.09 gives it to all, since then to no tunnel.
        if (state[KnownFields.FromVtep].ConstantValue != 0)
        {
            return Leaf.Punt(Reasons.About(Reasons.Flood, NameOf(group)), $"outport \"{group.Name}\"");
        }

        // The bridge of a network also hands to the host what it floods.
        if (network.Device.Ports.Any(leg => leg.LocalAddresses.Count > 0) && state.From is Origin.Port from && state.InPort == from.LogicalPort
            && network.Device.Ports.Any(leg => leg.Number == from.DevicePort && leg.LocalAddresses.Count > 0))
        {
            return Leaf.Punt(Reasons.About(Reasons.Flood, "a bridge with a port of the host"), $"outport \"{group.Name}\"");
        }

        return Flooded(group, Copies(group, state), state);
    }

    /// <summary>Output to a group as table 40 of br-int does it, where packets from tunnels enter: patch ports have had theirs where the packet came from.</summary>
    public Edge ToMembersHere(MulticastGroup group, SymbolicState state) =>
        Flooded(group, MembersHere(group).Select(port => ToPort(port, state)), state);

    /// <summary>The ports of a group that get its packets from tunnels (controller/physical.c, consider_mc_group), on a switch without a localnet port.</summary>
    public IEnumerable<PortBinding> MembersHere(MulticastGroup group) => network.Members(group).Where(port => port.Datapath == group.Datapath
        && port.Type is not ("patch" or "localport" or "remote") && network.Chassis is { } self && (port.Chassis == self || port.AdditionalChassis.Contains(self)));

    // OVS makes the copies one after the other, and flags that one sets, or a DSCP that it writes, even if it is dropped, would still be there for the next.
    private Edge Flooded(MulticastGroup group, IEnumerable<Edge> copies, SymbolicState state)
    {
        var (all, cause) = (copies.ToList(), new PuntCause(Reasons.About(Reasons.Flood, NameOf(group)), $"outport \"{group.Name}\"", null));
        return all.Count > 1 && network.TracesInEgress(group.Datapath) is var traces && (traces == Traces.Unlike || (traces == Traces.Alike && all.Exists(IsByTunnel))) ? new Edge(Edits.None, new Target.Punt(cause), FlowTrail.Empty) : _copies.Several(all, state, cause);
    }

    // Copies to other chassis do not go through the egress pipeline here.
    private static bool IsByTunnel(Edge copy) => copy.Target is Target.Forward { Output: OutputTarget.Tunnel };

    private IEnumerable<Edge> Copies(MulticastGroup group, SymbolicState state)
    {
        var chassis = new HashSet<Guid>();
        foreach (var port in network.Members(group).Where(port => port.Datapath == group.Datapath))
        {
            switch (AccessTo(port))
            {
                case Access.Local or Access.Redirected:
                    yield return ToPort(port, state);
                    break;

                // These get the copy of the localnet port, which is a member itself.
                case Access.Localnet:
                    break;
                case Access.Remote when port.Chassis is { } far:
                    if (chassis.Add(far))
                    {
                        yield return ToChassis(far, group.Datapath, group.TunnelKey, group.Name, state, network.TunnelTo(far)?.IsVtep == true);
                    }

                    break;
                case Access.Several when network.Localnet(group.Datapath) is null:
                    foreach (var other in ChassisOf(port).Where(chassis.Add))
                    {
                        yield return ToChassis(other, group.Datapath, group.TunnelKey, group.Name, state, network.TunnelTo(other)?.IsVtep == true);
                    }

                    break;
                case Access.Remote or Access.Several:
                    break;
                default:
                    yield return Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\"");
                    break;
            }
        }
    }

    // Those of northd have names in small numbers, the others that of a group's address.
    private static string NameOf(MulticastGroup group) =>
        group.Name.StartsWith("_MC_", StringComparison.Ordinal) ? group.Name : "an IP multicast group";

    private Edge ToPeer(PortBinding port, SymbolicState state)
    {
        if (port.Options.Find("peer") is not { } name || network.Port(name) is not { } peer || peer.Type != port.Type
            || peer.Options.Find("peer") != port.LogicalPort)
        {
            return Leaf.Punt(Reasons.NoPort, $"peer of \"{port.LogicalPort}\"");
        }

        // The flows of other datapaths are not fetched.
        if (!network.IsLocal(peer.Datapath))
        {
            return Leaf.Elsewhere("a datapath that is not local", $"the datapath of \"{name}\"");
        }

        // Where no router lowers the TTL packets may go round for ever, always by patch ports (OVS gives up after 64 resubmissions in depth).
        if (state.Crossings == PacketClasses.CrossingLimit)
        {
            return Leaf.Punt(Reasons.TooManyDatapaths, $"outport \"{port.LogicalPort}\"");
        }

        var cleared = state.WithCrossing().WithPatchPort(port.Type == "patch").Cleared(RootKind.Register).Cleared(RootKind.Flags).Cleared(RootKind.Metadata)
            .WithPorts(peer.LogicalPort, "");
        return evaluator.Run(new TableKey(peer.Datapath, Pipeline.Ingress, 0), cleared);
    }

    private Edge ToNetwork(PortBinding port, SymbolicState state)
    {
        if (DevicePortOf(port) is not { } leg || !IsPlainVlan(port) || (port.Type == "localnet" && network.RewritesAddresses(port.Options.Find("network_name") ?? "")))
        {
            return Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\"");
        }

        if (!state.InPortHidden && state.From is Origin.Port from && from.LogicalPort == port.LogicalPort)
        {
            return Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"");
        }

        // What a localport sends stays on the chassis.
        if (state.From is Origin.Port { LogicalPort: var origin } && network.Port(origin) is { Type: "localport" })
        {
            return Leaf.Elsewhere("a network, from a localport", $"outport \"{port.LogicalPort}\"");
        }

        var forward = Leaf.Forward(new OutputTarget.Plain(leg.Number, Math.Min(leg.Mtu + 14, state.MaxLength), port.Tag ?? 0));
        return ExceptTo(leg.LocalAddresses, state, forward);
    }

    /// <summary>The edge, but for frames to the host's own addresses, and to all, which the bridge hands to its stack.</summary>
    public Edge ExceptTo(EquatableArray<MacAddress> localAddresses, SymbolicState state, Edge edge)
    {
        if (localAddresses.Count > 0 && state[KnownFields.EthDestination].Slice(GroupBit, 1).ConstantValue != 0)
        {
            return Leaf.Punt(Reasons.LocalStack, "a group address");
        }

        var rows = new List<Row>();
        foreach (var address in localAddresses)
        {
            foreach (var (cube, _) in CompareFolder.Equal(state[KnownFields.EthDestination], address.Value, Bits.Ones(48), KnownFields.EthDestination.Root.Name, state.Class).Alternatives)
            {
                rows.Add(new Row(cube, Leaf.Punt(Reasons.LocalStack, address.ToString())));
            }
        }

        return nodes.Lookup(state.Class, rows, edge);
    }

    // A container is behind the interface of the machine it is in, in a VLAN of its own, and may get what comes from there.
    private Edge ToInterface(PortBinding port, SymbolicState state)
    {
        var isNested = port.ParentPort is not null;
        return LegOf(port) is not { } leg || (isNested && (port.Tag is null or 0 || (network.Localnet(port.Datapath) is { } localnet && !IsPlainVlan(localnet))))
            ? Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\"")
            : !isNested && !state.InPortHidden && state.From is Origin.Port from && from.DevicePort == leg.Number
            ? Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"")
            : Leaf.Forward(new OutputTarget.Plain(leg.Number, Math.Min(leg.Mtu + 14, state.MaxLength), isNested ? port.Tag!.Value : 0));
    }

    /// <summary>The front port that the interface of a port on this chassis is behind, or null.</summary>
    public DevicePort? LegOf(PortBinding port) => port switch
    {
        { Type: "localport" } => network.Device.Ports.FirstOrDefault(leg => leg.InterfaceId == port.LogicalPort),
        { Type: "" } when network.IsHere(port) =>
            port.ParentPort is { } parent
                ? port.AdditionalChassis.Count == 0 && network.Port(parent) is { Type: "", ParentPort: null, AdditionalChassis.Count: 0 } machine ? LegOf(machine) : null
                : network.Device.Ports.FirstOrDefault(leg => leg.InterfaceId == port.LogicalPort),
        _ => null,
    };
}
