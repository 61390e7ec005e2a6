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
public sealed class PhysicalOutput(LogicalNetwork network, DeviceView device, NodeTable nodes, Evaluator evaluator)
{
    private readonly Tunnels _tunnels = new(network.Southbound, device);

    /// <summary><c>output</c> in an ingress pipeline.</summary>
    public Edge FromIngress(Guid datapath, SymbolicState state)
    {
        switch (state.Logical.Out)
        {
            case null:
                return Leaf.Punt(Reasons.Untestable, "outport");
            case "" or KnownFields.NoPort:
                return Leaf.Drop(state);
            default:
                break;
        }

        if (network.Group(datapath, state.Logical.Out) is { } group)
        {
            return ToGroup(group, state);
        }

        return network.Port(state.Logical.Out) is { } port && port.Datapath == datapath
            ? ToPort(port, state)
            : Leaf.Punt(Reasons.NoPort, state.Logical.Out);
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
                return ToLocal(LocalnetOf(port.Datapath)!, state);
            case Access.Remote:
                return ToChassis(port, state);
            default:
                return Leaf.Punt(Reasons.PortElsewhere, $"outport \"{port.LogicalPort}\" (type \"{port.Type}\")");
        }
    }

    /// <summary><c>output</c> in an egress pipeline: the packet leaves the datapath.</summary>
    public Edge FromEgress(Guid datapath, SymbolicState state)
    {
        if (state.Logical.Out is not { } name || network.Port(name) is not { } port || port.Datapath != datapath)
        {
            return Leaf.Punt(Reasons.NoPort, state.Logical.Out ?? "outport");
        }

        if (state[KnownFields.Loopback].ConstantValue is not { } loopback)
        {
            return Leaf.Punt(Reasons.Untestable, "flags.loopback");
        }

        // Table 64 hides the in_port from OVS for as long as the packet is worked on beyond this port.
        var passage = state.Passage with { InPortHidden = state.Passage.InPortHidden || loopback == 1 };
        return port.Type switch
        {
            "patch" or "l3gateway" => ToPeer(port, state, passage),
            "localnet" => ToNetwork(port, state, passage),
            "" => ToInterface(port, passage),
            _ => Leaf.Punt(Reasons.PortElsewhere, $"outport \"{port.LogicalPort}\" (type \"{port.Type}\")"),
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
                    : port.Options.Find("redirect-type") == "bridged" || HasStandby(port) ? Access.Unknown
                    : Access.Remote;
            case "" when port.ParentPort is not null || port.AdditionalChassis.Count > 0:
                return Access.Unknown;
            case "":
                return network.IsHere(port) ? Access.Local
                    : LocalnetOf(port.Datapath) is { } localnet ? (DevicePortOf(localnet) is null ? Access.Unknown : Access.Localnet)
                    : Access.Remote;
            default:
                return Access.Unknown;
        }
    }

    // With several candidates OVS picks the chassis by the state of BFD on the tunnels, which the database does not have.
    private bool HasStandby(PortBinding port) =>
        network.Southbound.HaChassisGroups.Find(port.HaChassisGroup) is { HaChassis.Count: > 1 };

    private PortBinding? LocalnetOf(Guid datapath) => network.PortsOf(datapath).FirstOrDefault(port => port.Type == "localnet");

    private DevicePort? DevicePortOf(PortBinding localnet) =>
        localnet.Options.Find("network_name") is { } name && device.Ports.Where(port => port.Networks.Contains(name)).ToList() is [var only]
            ? only
            : null;

    /// <summary>Whether the localnet port uses 802.1Q tags or none; OVN can also be told to use 802.1ad, and to pass tags through.</summary>
    public static bool IsPlainVlan(PortBinding localnet) =>
        localnet.Options.Find("ethtype") is null or "802.1q" && localnet.Options.Find("vlan-passthru") is null or "false";

    // Registers are cleared so that a packet from a tunnel finds what a local one does.
    private Edge ToLocal(PortBinding port, SymbolicState state)
    {
        if (state.Logical.In == port.LogicalPort)
        {
            switch ((int?)state[KnownFields.Loopback].ConstantValue)
            {
                case null:
                    return Leaf.Punt(Reasons.Untestable, "flags.loopback");
                case 0:
                    return Leaf.Drop(state);
                default:
                    break;
            }
        }

        return evaluator.Run(
            new Position(port.Datapath, Pipeline.Egress, 0),
            state.Cleared(RootKind.Register).With(new Ports(InPortForEgress(port.Datapath, state), port.LogicalPort)));
    }

    // Nothing behind the loopback check asks for the input port unless a flow does: forgetting it lets paths from all ports merge.
    private string? InPortForEgress(Guid datapath, SymbolicState state) =>
        network.InPortsTestedInEgress(datapath).Count == 0 ? KnownFields.OtherPort : state.Logical.In;

    private Edge ToChassis(PortBinding port, SymbolicState state)
    {
        if (port.Chassis is not { } chassis)
        {
            return Leaf.Punt(Reasons.PortElsewhere, $"outport \"{port.LogicalPort}\" is not bound to a chassis");
        }

        if (_tunnels.To(chassis) is not var (encapsulation, path, maxLength) || state.Logical.In is not { } inPort || network.Port(inPort) is not { } source)
        {
            return Leaf.Punt(Reasons.NeighborUnknown, $"no tunnel to the chassis of \"{port.LogicalPort}\"");
        }

        // OVS does not send a packet back to the port it came from, and all that came by a tunnel may have come by this one.
        return state.Passage is { From: Origin.Tunnel, InPortHidden: false }
            ? Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"")
            : Leaf.Forward(new OutputTarget.Tunnel(
                path.DevicePort, Math.Min(maxLength, state.Passage.MaxLength), encapsulation,
                network.Datapath(port.Datapath).TunnelKey, source.TunnelKey, port.TunnelKey));
    }

    private Edge ToGroup(MulticastGroup group, SymbolicState state)
    {
        var loops = state[KnownFields.Loopback].ConstantValue == 1;
        var members = group.Ports.Select(uuid => network.Southbound.PortBindings.Find(uuid)).OfType<PortBinding>()
            .Where(port => loops || port.LogicalPort != state.Logical.In)
            .Where(port => !IsRemoteBehindLocalnet(port));
        return members.ToList() is [var only] && AccessTo(only) is Access.Local or Access.Redirected
            ? ToPort(only, state)
            : Leaf.Punt(Reasons.Flood, $"outport \"{group.Name}\"");
    }

    // A switch with a localnet port reaches its remote ports by that port, not by tunnels.
    private bool IsRemoteBehindLocalnet(PortBinding port) =>
        port.Type == "" && AccessTo(port) == Access.Localnet;

    private Edge ToPeer(PortBinding port, SymbolicState state, Passage passage)
    {
        if (port.Options.Find("peer") is not { } name || network.Port(name) is not { } peer || peer.Type != port.Type
            || peer.Options.Find("peer") != port.LogicalPort)
        {
            return Leaf.Punt(Reasons.NoPort, $"peer of \"{port.LogicalPort}\"");
        }

        var cleared = state.Cleared(RootKind.Register).Cleared(RootKind.Flags).Cleared(RootKind.Metadata)
            .With(new Ports(peer.LogicalPort, "")).With(passage);
        return evaluator.Run(new Position(peer.Datapath, Pipeline.Ingress, 0), cleared);
    }

    private Edge ToNetwork(PortBinding port, SymbolicState state, Passage passage)
    {
        if (DevicePortOf(port) is not { } leg || !IsPlainVlan(port))
        {
            return Leaf.Punt(Reasons.PortElsewhere, $"localnet port \"{port.LogicalPort}\"");
        }

        if (passage is { From: Origin.Port from, InPortHidden: false } && from.LogicalPort == port.LogicalPort)
        {
            return Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"");
        }

        var forward = Leaf.Forward(new OutputTarget.Plain(leg.Number, Math.Min(leg.Mtu + 14, passage.MaxLength), port.Tag ?? 0));
        return ExceptTo(leg.LocalAddresses, state, forward);
    }

    /// <summary>The edge, but for frames to the host's own addresses, which the bridge hands to its stack.</summary>
    public Edge ExceptTo(EquatableArray<MacAddress> localAddresses, SymbolicState state, Edge edge)
    {
        var rows = new List<Row>();
        foreach (var address in localAddresses)
        {
            foreach (var (cube, _) in CompareFolder.Equal(state[KnownFields.EthDestination], address.Value, Bits.Ones(48)).Alternatives)
            {
                rows.Add(new Row(cube, Leaf.Punt(Reasons.LocalStack, address.ToString())));
            }
        }

        return nodes.Lookup(state.Class, rows, edge);
    }

    private Edge ToInterface(PortBinding port, Passage passage)
    {
        var leg = device.Ports.FirstOrDefault(candidate => candidate.InterfaceId == port.LogicalPort);
        return leg is null || !network.IsHere(port) || port.ParentPort is not null
            ? Leaf.Punt(Reasons.PortElsewhere, $"outport \"{port.LogicalPort}\" is not on the device")
            : passage is { From: Origin.Port from, InPortHidden: false } && from.DevicePort == leg.Number
            ? Leaf.Punt(Reasons.HairPin, $"outport \"{port.LogicalPort}\"")
            : Leaf.Forward(new OutputTarget.Plain(leg.Number, Math.Min(leg.Mtu + 14, passage.MaxLength), 0));
    }
}
