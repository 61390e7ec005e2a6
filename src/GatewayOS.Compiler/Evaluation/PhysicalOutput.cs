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

        if (network.Group(datapath, state.OutPort) is { } group)
        {
            return ToGroup(group, state);
        }

        return network.Port(state.OutPort) is { } port && port.Datapath == datapath
            ? ToPort(port, state)
            : Leaf.Punt(Reasons.NoPort, state.OutPort);
    }

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
        { Type: "", ParentPort: not null } => "a port inside another",
        { AdditionalChassis.Count: > 0 } => "a port of several chassis",
        { Type: "" } => "a port of this chassis",
        { Type: "localnet" } => "a network without a port of the device",
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
            "localnet" => ToNetwork(port, beyond),
            "" => ToInterface(port, beyond),
            _ => Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\""),
        };
    }

    private enum Access
    {
        Local,
        Redirected,
        Localnet,
        Remote,
        Unknown,
    }

    private Access AccessTo(PortBinding port)
    {
        switch (port.Type)
        {
            case "patch":
                return Access.Local;
            case "l3gateway":
                return network.IsHere(port) ? Access.Local : Access.Remote;
            case "localnet":
                return DevicePortOf(port) is null ? Access.Unknown : Access.Local;
            case "chassisredirect":
                return network.IsHere(port) ? Access.Redirected
                    : port.Options.Find("redirect-type") == "bridged" || network.HasStandby(port) ? Access.Unknown
                    : Access.Remote;
            case "" when port.ParentPort is not null || port.AdditionalChassis.Count > 0:
                return Access.Unknown;
            case "":
                return network.IsHere(port) ? Access.Local
                    : network.Localnet(port.Datapath) is { } localnet ? (DevicePortOf(localnet) is null ? Access.Unknown : Access.Localnet)
                    : Access.Remote;
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

        if (state.InPort == port.LogicalPort)
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
    private bool IsWithinCrowd(PortBinding port, SymbolicState state) =>
        port.Type == "patch" && network.Routers(port.Datapath).Count > PacketClasses.CrowdLimit
        && state.InPort is { } name && network.Port(name) is { Type: "patch" } source && source.Datapath == port.Datapath;

    // Nothing behind the loopback check asks for the input port unless a flow does: forgetting it lets paths from all ports merge.
    private string? InPortForEgress(Guid datapath, SymbolicState state) =>
        network.InPortsTestedInEgress(datapath).Count == 0 ? KnownFields.OtherPort : state.InPort;

    private Edge ToChassis(PortBinding port, SymbolicState state)
    {
        if (port.Chassis is not { } chassis)
        {
            return Leaf.Elsewhere("a port without a chassis", $"outport \"{port.LogicalPort}\"");
        }

        if (network.TunnelTo(chassis) is not var (encapsulation, devicePort, maxLength) || state.InPort is not { } inPort || network.Port(inPort) is not { } source)
        {
            return Leaf.Punt(Reasons.NeighborUnknown, $"no tunnel to the chassis of \"{port.LogicalPort}\"");
        }

        var datapathKey = network.Datapath(port.Datapath).TunnelKey;
        if (encapsulation.Type == TunnelType.Vxlan && !Tunnels.HasVxlanKey(datapathKey, port.TunnelKey))
        {
            return Leaf.Elsewhere("a port without a key for VXLAN", $"outport \"{port.LogicalPort}\"");
        }

        // OVS does not send a packet back to the port it came from, and all that came by a tunnel may have come by this one.
        return state.From is Origin.Tunnel && !state.InPortHidden
            ? Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"")
            : Leaf.Forward(new OutputTarget.Tunnel(
                devicePort, Math.Min(maxLength, state.MaxLength), encapsulation,
                datapathKey, source.TunnelKey, port.TunnelKey));
    }

    private Edge ToGroup(MulticastGroup group, SymbolicState state)
    {
        var loops = state[KnownFields.Loopback].ConstantValue == 1;
        var members = network.Members(group)
            .Where(port => loops || port.LogicalPort != state.InPort)
            .Where(port => !IsRemoteBehindLocalnet(port));
        return members.ToList() is [var only] && AccessTo(only) is Access.Local or Access.Redirected
            ? ToPort(only, state)
            : Leaf.Punt(Reasons.About(Reasons.Flood, NameOf(group)), $"outport \"{group.Name}\"");
    }

    // A switch with a localnet port reaches its remote ports by that port, not by tunnels.
    private bool IsRemoteBehindLocalnet(PortBinding port) =>
        port.Type == "" && AccessTo(port) == Access.Localnet;

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

        var cleared = state.WithCrossing().Cleared(RootKind.Register).Cleared(RootKind.Flags).Cleared(RootKind.Metadata)
            .WithPorts(peer.LogicalPort, "");
        return evaluator.Run(new TableKey(peer.Datapath, Pipeline.Ingress, 0), cleared);
    }

    private Edge ToNetwork(PortBinding port, SymbolicState state)
    {
        if (DevicePortOf(port) is not { } leg || !IsPlainVlan(port))
        {
            return Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\"");
        }

        if (state.From is Origin.Port from && !state.InPortHidden && from.LogicalPort == port.LogicalPort)
        {
            return Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"");
        }

        var forward = Leaf.Forward(new OutputTarget.Plain(leg.Number, Math.Min(leg.Mtu + 14, state.MaxLength), port.Tag ?? 0));
        return ExceptTo(leg.LocalAddresses, state, forward);
    }

    /// <summary>The edge, but for frames to the host's own addresses, which the bridge hands to its stack.</summary>
    public Edge ExceptTo(EquatableArray<MacAddress> localAddresses, SymbolicState state, Edge edge)
    {
        var rows = new List<Row>();
        foreach (var address in localAddresses)
        {
            foreach (var (cube, _) in CompareFolder.Equal(state[KnownFields.EthDestination], address.Value, Bits.Ones(48), KnownFields.EthDestination.Root.Name).Alternatives)
            {
                rows.Add(new Row(cube, Leaf.Punt(Reasons.LocalStack, address.ToString())));
            }
        }

        return nodes.Lookup(state.Class, rows, edge);
    }

    private Edge ToInterface(PortBinding port, SymbolicState state)
    {
        var leg = network.Device.Ports.FirstOrDefault(candidate => candidate.InterfaceId == port.LogicalPort);
        return leg is null || !network.IsHere(port) || port.ParentPort is not null
            ? Leaf.Elsewhere(KindOf(port), $"outport \"{port.LogicalPort}\"")
            : state.From is Origin.Port from && !state.InPortHidden && from.DevicePort == leg.Number
            ? Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"")
            : Leaf.Forward(new OutputTarget.Plain(leg.Number, Math.Min(leg.Mtu + 14, state.MaxLength), 0));
    }
}
