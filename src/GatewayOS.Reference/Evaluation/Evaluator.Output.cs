using System.Globalization;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Evaluation;

/// <summary>
/// What is between pipelines: ovn-architecture(7), "Architectural Physical Life Cycle of a Packet". The numbers of tables are those of br-int in
/// ovn-controller 23.03.
/// </summary>
internal sealed partial class Evaluator
{
    private const string Omitted = "/* omitting output because inport == outport && !flags.loopback */";

    /// <summary><c>output</c>: from ingress to the egress pipelines of the ports (tables 37 to 39), from egress out of the datapath (table 65).</summary>
    private void Output(Place place, Packet packet, TraceNode into)
    {
        var key = (int)packet[_fields.OutPort];
        if (key == 0)
        {
            into.Add(TraceNodeKind.Error, "*** output to null logical port");
            Drop(place, packet, "output to no port");
            return;
        }

        var (port, group) = (place.Datapath.Port(key), place.Datapath.Group(key));
        if (port is null && group is null)
        {
            into.Add(TraceNodeKind.Error, string.Create(CultureInfo.InvariantCulture, $"*** unknown port or multicast group {key}"));
        }

        if (place.Pipeline == Pipeline.Egress)
        {
            Leave(place, packet, port, port?.FriendlyName ?? group?.Row.Name ?? "(unnamed)", into);
        }
        else if (group is not null)
        {
            Replicate(place, packet, group, mayTunnel: true, into);
        }
        else if (port is not null)
        {
            ToPort(place, packet, port, into);
        }
        else
        {
            Omit(place, packet, into);
        }
    }

    // Table 37: a port of another chassis by tunnel, unless the physical network connects the switch; all else stays here.
    private void ToPort(Place place, Packet packet, ReferencePort port, TraceNode into)
    {
        if (Residence.IsLocal(port, place.Chassis))
        {
            ToLocal(place, packet, port, into);
        }
        else if (port.Row.Type == "" && place.Datapath.Localnet is { } localnet)
        {
            into.Add(TraceNodeKind.Output, $"/* \"{port.FriendlyName}\" is behind the physical network: localnet port \"{localnet.FriendlyName}\" */");
            ToLocal(place, packet, localnet, into);
        }
        else if (IsFromLocalport(place, packet))
        {
            into.Add(TraceNodeKind.Output, "/* omitting output because a localport does not use tunnels */");
            Drop(place, packet, "from a localport to another chassis");
        }
        else if (_residence.Of(port) is { } chassis)
        {
            if (Tunnel(place, packet, chassis, port.Key, port.FriendlyName, into) is var (there, arrived))
            {
                ToLocal(there, arrived, port, into);
            }
        }
        else
        {
            into.Add(TraceNodeKind.Error, $"*** port \"{port.FriendlyName}\" is not bound to a chassis");
            Drop(place, packet, "port is not bound");
        }
    }

    // Table 38: local output. A chassisredirect port stands for a distributed one on the chassis that it is bound to.
    private void ToLocal(Place place, Packet packet, ReferencePort port, TraceNode into)
    {
        if (port.Row.Type == "chassisredirect")
        {
            var distributed = _network.Port(port.Row.Options.Find("distributed-port") ?? "");
            if (distributed?.Datapath != place.Datapath)
            {
                into.Add(TraceNodeKind.Error, $"*** output to type \"{port.Row.Type}\" port \"{port.FriendlyName}\" with no or invalid distributed port");
                Drop(place, packet, "chassisredirect port without a distributed port");
                return;
            }

            into.Add(
                TraceNodeKind.Output,
                $"/* Replacing type \"{port.Row.Type}\" outport \"{port.FriendlyName}\" with distributed port \"{distributed.FriendlyName}\". */");
            port = distributed;
        }

        // Table 39: a packet does not go back to where it is from, unless it may.
        if (IsBackwards(port, packet))
        {
            Omit(place, packet, into);
            return;
        }

        var egress = ForEgress(packet);
        egress[_fields.OutPort] = (UInt128)port.Key;
        RunTable(
            place with { Pipeline = Pipeline.Egress, Table = 0 }, egress,
            into.Add(TraceNodeKind.Pipeline, EgressTitle(place, packet, port)));
    }

    private void Replicate(Place place, Packet packet, ReferenceGroup group, bool mayTunnel, TraceNode into)
    {
        var node = into.Add(TraceNodeKind.Pipeline, $"multicast(dp=\"{place.Datapath.FriendlyName}\", mcgroup=\"{group.Row.Name}\")");
        var shared = Has(OvnTraceLimits.ReplicasShareOnePacket) ? ForEgress(packet) : null;
        foreach (var port in group.Ports.Where(port => Residence.IsLocal(port, place.Chassis)))
        {
            // Here too a chassisredirect port stands for the distributed one, but ovn-trace goes to it as such.
            if (shared is null && port.Row.Type == "chassisredirect")
            {
                ToLocal(place, packet, port, node);
                continue;
            }

            var isBackwards = IsBackwards(port, packet);
            var replica = node.Add(new TraceNode(TraceNodeKind.Pipeline, EgressTitle(place, packet, port)) { IsIndented = !isBackwards });
            if (isBackwards)
            {
                Omit(place, packet, replica);
                continue;
            }

            var egress = shared ?? ForEgress(packet);
            egress[_fields.OutPort] = (UInt128)port.Key;
            RunTable(place with { Pipeline = Pipeline.Egress, Table = 0 }, egress, replica);
        }

        if (mayTunnel && !IsFromLocalport(place, packet))
        {
            // One copy for each chassis with ports of the group; VIFs behind the physical network get theirs from there.
            var others = group.Ports
                .Where(port => !Residence.IsLocal(port, place.Chassis) && (port.Row.Type != "" || place.Datapath.Localnet is null))
                .Select(_residence.Of).OfType<Chassis>().Distinct();
            foreach (var chassis in others)
            {
                if (Tunnel(place, packet, chassis, group.Row.TunnelKey, group.Row.Name, node) is var (there, arrived))
                {
                    Replicate(there, arrived, group, mayTunnel: false, node);
                }
            }
        }
    }

    // A tunnel carries the keys of the datapath and the two ports, and nothing else of what is known about the packet.
    private (Place There, Packet Packet)? Tunnel(Place place, Packet packet, Chassis chassis, int outKey, string outName, TraceNode into)
    {
        var (datapath, inKey) = (place.Datapath.Row.TunnelKey, (int)packet[_fields.InPort]);
        into.Add(TraceNodeKind.Output, string.Create(
            CultureInfo.InvariantCulture,
            $"/* tunnel to chassis \"{chassis.Name}\" for \"{outName}\": datapath {datapath}, inport {inKey}, outport {outKey} */"));
        var sent = ForEgress(packet);
        sent[_fields.Flags] = 0;
        sent[_fields.PacketMark] = 0;
        _fields.ClearConnection(sent);
        _outcomes.Add(new TraceOutcome.Tunnelled(place.Chassis?.Name, sent.Clone(), chassis.Name, datapath, inKey, outKey));
        return _request.FollowTunnels ? (place with { Chassis = chassis }, sent) : null;
    }

    /// <summary><c>flood_remote</c>: one copy to each chassis of another availability zone, for no port in particular; what happens there is in another database.</summary>
    private void FloodRemote(Place place, Packet packet, TraceNode into)
    {
        into.Add(TraceNodeKind.Output, "/* Flood to all remote chassis */");
        foreach (var chassis in _network.Southbound.Chassis.Where(chassis => chassis.OtherConfig.Find("is-remote") == "true"))
        {
            _outcomes.Add(new TraceOutcome.Tunnelled(
                place.Chassis?.Name, packet.Clone(), chassis.Name, place.Datapath.Row.TunnelKey, (int)packet[_fields.InPort], OutKey: 0));
        }
    }

    // Table 65: logical to physical, or through a patch port into the next datapath.
    private void Leave(Place place, Packet packet, ReferencePort? port, string name, TraceNode into)
    {
        into.Add(TraceNodeKind.Output, $"/* output to \"{name}\", type \"{port?.Row.Type}\" */");
        if (port is null)
        {
            into.Add(TraceNodeKind.Edit, $"output(\"{name}\")");
            return;
        }

        if (PeerOf(port) is { } peer)
        {
            var entering = packet.Clone();
            if (!Has(OvnTraceLimits.PatchPortKeepsState))
            {
                _fields.ClearRegisters(entering);
                entering[_fields.Flags] = 0;
                _fields.ClearConnection(entering);
            }

            entering[_fields.InPort] = (UInt128)peer.Key;
            entering[_fields.OutPort] = 0;
            RunTable(
                new Place(peer.Datapath, Pipeline.Ingress, 0, place.Chassis), entering,
                into.Add(TraceNodeKind.Pipeline, $"ingress(dp=\"{peer.Datapath.FriendlyName}\", inport=\"{peer.FriendlyName}\")"));
            return;
        }

        into.Add(TraceNodeKind.Edit, $"output(\"{name}\")");
        var vlan = port.Row.Type is "localnet" or "l2gateway" || port.Row.ParentPort is not null ? port.Row.Tag : null;
        var network = port.Row.Type is "localnet" or "l2gateway" ? port.Row.Options.Find("network_name") : null;
        _outcomes.Add(new TraceOutcome.Delivered(place.Chassis?.Name, packet.Clone(), port, vlan, network));
    }

    private ReferencePort? PeerOf(ReferencePort port) =>
        port.Row.Type is "patch" or "l3gateway" ? _network.Port(port.Row.Options.Find("peer") ?? "") : null;

    private bool IsBackwards(ReferencePort port, Packet packet) =>
        packet[_fields.InPort] == (UInt128)port.Key && packet[_fields.Loopback] == 0;

    private bool IsFromLocalport(Place place, Packet packet) =>
        place.Datapath.Port((int)packet[_fields.InPort])?.Row.Type == "localport";

    private void Omit(Place place, Packet packet, TraceNode into)
    {
        into.Add(TraceNodeKind.Output, Omitted);
        Drop(place, packet, "inport == outport && !flags.loopback");
    }

    // Table 39: registers are cleared, so that a packet from a tunnel and a local one look alike.
    private Packet ForEgress(Packet packet)
    {
        var egress = packet.Clone();
        _fields.ClearRegisters(egress);
        if (Has(OvnTraceLimits.FlagsClearedBeforeEgress))
        {
            egress[_fields.Flags] = 0;
        }

        return egress;
    }

    private string EgressTitle(Place place, Packet packet, ReferencePort port) =>
        $"egress(dp=\"{place.Datapath.FriendlyName}\", inport=\"{InPortName(place, packet, "")}\", outport=\"{port.FriendlyName}\")";

    /// <summary><c>fwd_group</c>: to one of the ports, by hash.</summary>
    private void ToForwardingGroup(ActionNode.FwdGroup group, Place place, Packet packet, TraceNode into)
    {
        if (Has(OvnTraceLimits.ForwardingGroupsIgnored) || group.ChildPorts.Count == 0)
        {
            return;
        }

        var name = group.ChildPorts[Choose(TraceChoiceKind.Port, group.ChildPorts)];
        packet[_fields.OutPort] = (UInt128)(_network.KeyOf(place.Datapath, name) ?? 0);
        Output(place, packet, into);
    }
}
