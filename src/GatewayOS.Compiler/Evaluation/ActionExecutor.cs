using System.Diagnostics;
using System.Runtime.InteropServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Executes a flow's actions symbolically. What has no exact counterpart in the pipeline becomes a punt (invariant I2).</summary>
public sealed class ActionExecutor(LogicalNetwork network, NodeTable nodes, PhysicalOutput output, Evaluator evaluator)
{
    // The program's max_group_size.
    private const int LargestChoice = 256;

    // A row for each at every entry point that leads to the router. Who is unknown to the device is so to nobody's harm: OVS has his requests.
    private const int AcquaintanceLimit = 16;

    private const byte Icmp = 1, Icmpv6 = 58;

    private readonly CopySet _copies = new(nodes);

    /// <summary>What conntrack answers, if the connection is known; else the way ends where it is asked.</summary>
    internal ConnectionActions? Connections { get; init; }

    public Edge Execute(PreparedFlow flow, TableKey table, SymbolicState state)
    {
        var edge = Step(new FlowAt(flow, table), 0, state, Edits.None);
        return edge with { Flows = edge.Flows.Before(flow.Segment, flow.IsCounted) };
    }

    private Edge Step(FlowAt at, int index, SymbolicState state, Edits edits)
    {
        for (; index < at.Flow.Actions.Count; index++)
        {
            var action = at.Flow.Actions[index];
            if (Connections is { } connections && ConnectionActions.Handle(action))
            {
                return After(edits, Connect(connections, at, index, state));
            }

            switch (action)
            {
                case ActionNode.Next next:
                    return After(edits, Jump(at, next, state));
                case ActionNode.Simple { Kind: ActionKind.Output }:
                    return After(edits, at.Table.Pipeline == Pipeline.Ingress
                        ? output.FromIngress(at.Table.Datapath, state)
                        : output.FromEgress(at.Table.Datapath, state));
                case ActionNode.Simple { Kind: ActionKind.DecrementTtl } when state.Routers == PacketClasses.RouterLimit:
                    return After(edits, Leaf.Punt(Reasons.TooManyRouters, "ip.ttl--", at.Flow.Uuid));
                case ActionNode.Simple { Kind: ActionKind.DecrementTtl }:
                    state = state.WithRouter();
                    edits = edits with { TtlDecrement = edits.TtlDecrement + 1 };
                    break;

                // Nothing has been asked of conntrack on this path, so there is nothing to clear; MacCacheUse only counts.
                case ActionNode.Simple { Kind: ActionKind.CtClear or ActionKind.MacCacheUse }:
                case ActionNode.SetQueueId { Queue: 0 }:
                    break;
                case ActionNode.SetMeter set when RateLimit.Of(at.Flow.Uuid, set.Rate, set.Burst) is { } meter:
                    if (!Count(meter, at.Table.Pipeline, ref state, ref edits))
                    {
                        return After(edits, Leaf.Punt(Reasons.TooManyMeters, at.Flow.Text.Actions, at.Flow.Uuid));
                    }

                    break;
                case ActionNode.LoadString { Destination.Field.Name: "outport" } load:
                    state = state.WithOutPort(load.Value);
                    break;
                case ActionNode.Load load when Assigned(load, state) is { } value:
                    if (!Assign(load.Destination, value, ref state, ref edits))
                    {
                        return After(edits, Unsupported(at, action, state));
                    }

                    if (load.Destination.Bits == KnownFields.EthDestination && LeadsIntoCrowd(value, state))
                    {
                        return After(edits, Leaf.Punt(Reasons.Crowd, at.Flow.Text.Actions, at.Flow.Uuid));
                    }

                    break;
                case ActionNode.Move when Turn.Answer.At(at.Flow.Actions, index, state) is var (answer, length):
                    return After(edits, Turned(answer, Step(at, index + length, Answering(answer, state), Edits.None)));
                case ActionNode.Move { Source.Field.IsString: true } move when move.Destination.Field.Name == "outport":
                    state = state.WithOutPort(state.InPort);
                    break;
                case ActionNode.Move { Source.Field.IsString: false } move:
                    if (!Assign(move.Destination, state[move.Source.Bits], ref state, ref edits))
                    {
                        return After(edits, Unsupported(at, action, state));
                    }

                    break;
                case ActionNode.Move { Source.Field.Name: "outport" } move when move.Destination.Field.Name == "inport":
                    state = state.WithPorts(state.OutPort, state.OutPort);
                    break;
                case ActionNode.Exchange when Connections is not { IsTracked: true } && !state.HasOtherAddresses && !state.Class.IsGroup() && Turn.Echo.At(at.Flow.Actions, index, state.Class) is { } answer:
                    return After(edits, Turned(answer, Step(at, index + Turn.Echo.Actions, Answering(answer, state), Edits.None)));
                case ActionNode.Exchange { Left.Field.IsString: false } exchange when state[exchange.Left.Bits] is { ConstantValue: not null } left && state[exchange.Right.Bits] is { ConstantValue: not null } right:
                    if (!Assign(exchange.Left, right, ref state, ref edits) || !Assign(exchange.Right, left, ref state, ref edits))
                    {
                        return After(edits, Unsupported(at, action, state));
                    }

                    break;
                case ActionNode.Exchange { Left: { IsWhole: true, Field.Name: "eth.dst" or "eth.src" }, Right: { IsWhole: true, Field.Name: "eth.dst" or "eth.src" } } when PacketClasses.Tracked.Contains(state.Class):
                    return After(edits, Turned(Turn.Ethernet.Instance, Step(at, index + 1, Exchanged(Turn.Ethernet.Instance, state, KnownFields.EthSource, KnownFields.EthDestination), Edits.None)));

                // Nothing is left of the original when the actions end.
                case ActionNode.Nested { Kind: ActionKind.Clone } clone when index == at.Flow.Actions.Count - 1:
                    return After(edits, Step(at with { Flow = at.Flow with { Actions = clone.Actions } }, 0, state, Edits.None));
                case ActionNode.Nested { Kind: ActionKind.Clone } clone:
                    return After(edits, _copies.Several(
                        [Step(at with { Flow = at.Flow with { Actions = clone.Actions } }, 0, state, Edits.None), Step(at, index + 1, state, Edits.None)],
                        state, new PuntCause(Reasons.About(Reasons.Flood, "a clone and the original"), at.Flow.Text.Actions, at.Flow.Uuid)));
                case ActionNode.CheckPktLarger check:
                    state = state.WithMaxLength(check.Length);
                    state = state.With(check.Destination.Bits, Bits.Constant(1, 0));
                    break;
                case ActionNode.LookupBinding { Kind: ActionKind.LookupArp } lookup when state.Class.IsArp():
                    return After(edits, IsNeighbor(at, index, lookup.Port, lookup.Ip, lookup.Mac, lookup.Destination, state));
                case ActionNode.LookupBindingIp { Kind: ActionKind.LookupArpIp } lookup when state.Class.IsArp():
                    return After(edits, IsNeighbor(at, index, lookup.Port, lookup.Ip, null, lookup.Destination, state));
                case ActionNode.LookupBinding { Destination: var destination }:
                    state = state.With(destination.Bits, Bits.Unknown(1));
                    break;
                case ActionNode.LookupBindingIp { Destination: var destination }:
                    state = state.With(destination.Bits, Bits.Unknown(1));
                    break;
                case ActionNode.GetBinding get:
                    return After(edits, ResolveNeighbor(at, index, get, state));
                case ActionNode.GetFdb { Kind: ActionKind.GetFdb } get:
                    return After(edits, FindLearned(at, index, get, state));
                case ActionNode.LookupFdb lookup:
                    return After(edits, IsLearned(at, index, lookup, state));
                case ActionNode.Select { Members.Count: <= LargestChoice } select when index == at.Flow.Actions.Count - 1:
                    return After(edits, Choose(at, select, state));
                case ActionNode.Result { Kind: ActionKind.CheckInPortSec or ActionKind.CheckOutPortSec } check:
                    return After(edits, CheckPortSecurity(at, index, check, state));
                default:
                    return After(edits, Unsupported(at, action, state));
            }
        }

        // A list of actions that ends without next or output is the end of the packet (ovn-sb(5), Logical_Flow).
        return After(edits, Leaf.Drop(state));
    }

    private Edge Connect(ConnectionActions connections, FlowAt at, int index, SymbolicState state) =>
        connections.Execute(at.Flow, index, at.Table, state, known => Step(at, index + 1, known, Edits.None));

    // Any member is right, as long as a flow keeps to it: which one OVS takes is up to its datapath (dp_hash).
    private Edge Choose(FlowAt at, ActionNode.Select select, SymbolicState state) => nodes.Choice(state.Class,
    [
        .. select.Members.Select(member => (
            evaluator.Run(
                at.Table with { Table = at.Table.Table + 1 }, state.With(select.Destination.Bits, Bits.Constant(select.Destination.Width, (UInt128)member.Id))),
            member.Weight)),
    ]);

    private static Edge After(Edits edits, Edge edge) => edits.IsNone ? edge : edge with { Edits = edits.Then(edge.Edits) };

    // A jump back is as good as a patch port: there may be no end to them.
    private Edge Jump(FlowAt at, ActionNode.Next next, SymbolicState state)
    {
        var isBack = next.Pipeline == Pipeline.Ingress && at.Table.Pipeline == Pipeline.Egress;
        return (next.Pipeline != at.Table.Pipeline && !isBack) || (next.Pipeline == at.Table.Pipeline && next.Table <= at.Table.Table) || (isBack && state.Crossings == PacketClasses.CrossingLimit)
            ? Leaf.Punt(Reasons.Backward, at.Flow.Text.Actions, at.Flow.Uuid)
            : evaluator.Run(at.Table with { Pipeline = next.Pipeline, Table = next.Table }, isBack ? state.WithCrossing() : state);
    }

    private static SymbolicState Answering(Turn.Echo answer, SymbolicState state)
    {
        return Exchanged(answer, state, KnownFields.Source(state.Class), KnownFields.Destination(state.Class)).WithOtherAddresses()
            .With(KnownFields.IcmpType(state.Class), Bits.Constant(8, answer.Type)).With(KnownFields.Protocol, Bits.Constant(8, state.Class.IsIpv6() ? Icmpv6 : Icmp));
    }

    private static SymbolicState Answering(Turn.Answer answer, SymbolicState state)
    {
        var (asker, asked) = (answer.Rename(state[KnownFields.EthSource]), Bits.Constant(48, answer.Address.Value));
        return Exchanged(answer, state, KnownFields.ArpSource, KnownFields.ArpDestination).WithOtherAddresses()
            .With(KnownFields.EthSource, asked).With(KnownFields.ArpEthSource, asked)
            .With(KnownFields.EthDestination, asker).With(KnownFields.ArpEthDestination, asker)
            .With(KnownFields.ArpOperation, Bits.Constant(KnownFields.ArpOperation.Width, Turn.Answer.Reply));
    }

    private static SymbolicState Exchanged(Turn turn, SymbolicState state, StorageBits left, StorageBits right)
    {
        var (first, second) = (turn.Rename(state[left]), turn.Rename(state[right]));
        return state.Renamed(turn).With(left, second).With(right, first);
    }

    // What goes nowhere need not be turned.
    private static Edge Turned(Turn turn, Edge behind) => behind.Target is Target.Drop or Target.Punt or Target.Forward { Output: OutputTarget.Nowhere }
        ? behind : new Edge(Edits.None, new Target.Turn(turn, behind with { Flows = FlowTrail.Empty }), behind.Flows);

    private Edge Unsupported(FlowAt at, ActionNode action, SymbolicState state) => ActionCatalogue.Of(action.Kind).Class switch
    {
        ActionClass.Connection when at.Table.Pipeline == Pipeline.Ingress && state[KnownFields.FromVtep].ConstantValue != 0 =>
            Leaf.Punt(Reasons.About(Reasons.Unsupported, "connection tracking of what comes from a VTEP switch"), at.Flow.Text.Actions, at.Flow.Uuid),
        ActionClass.Connection when !PacketClasses.Tracked.Contains(state.Class) => Leaf.Punt(Reasons.Conntrack, at.Flow.Text.Actions, at.Flow.Uuid),
        ActionClass.Connection => Leaf.Track(new TrackPlace(new PuntCause(Reasons.Conntrack, at.Flow.Text.Actions, at.Flow.Uuid), ZoneOwner.Of(network, action, at.Table, state))),
        ActionClass.Software => Leaf.Punt(Reasons.About(Reasons.Generated, NameOf(action)), at.Flow.Text.Actions, at.Flow.Uuid),
        ActionClass.Folds or ActionClass.Pipeline => Leaf.Punt(Reasons.About(Reasons.Unsupported, NameOf(action)), at.Flow.Text.Actions, at.Flow.Uuid),
        _ => throw new UnreachableException(),
    };

    private static string NameOf(ActionNode action) => action switch
    {
        ActionNode.Load load => $"{load.Destination.Field.Name} = constant",
        ActionNode.Move move => $"{move.Destination.Field.Name} = {move.Source.Field.Name}",
        _ => ActionCatalogue.Of(action.Kind).Verb,
    };

    // A masked constant keeps the other bits; null for pseudo fields of packets that ovn-controller makes.
    private static Bits? Assigned(ActionNode.Load load, SymbolicState state)
    {
        if (load.Destination.Field.IsControllerField || load.Destination.Field.IsString)
        {
            return null;
        }

        if (load.Value.Mask is not { } mask)
        {
            return Bits.Constant(load.Destination.Width, load.Value.Value);
        }

        var result = state[load.Destination.Bits];
        for (var bit = 0; bit < load.Destination.Width; bit++)
        {
            if (((mask >> bit) & 1) != 0)
            {
                result = result.With(bit, Bits.Constant(1, (load.Value.Value >> bit) & 1));
            }
        }

        return result;
    }

    // A to-lport rule takes the second place where it can, whether there was a from-lport rule before it or not: so the ways behind the one come together.
    private static bool Count(RateLimit meter, Pipeline pipeline, ref SymbolicState state, ref Edits edits)
    {
        var isSecond = pipeline == Pipeline.Ingress ? state.HasMeter : !state.HasMeter2;
        if (isSecond ? state.HasMeter2 : state.HasMeter)
        {
            return false;
        }

        (state, edits) = isSecond ? (state.WithMeter2(), edits with { Meter2 = meter }) : (state.WithMeter(), edits with { Meter = meter });
        return true;
    }

    private static bool Assign(FieldSlice destination, Bits value, ref SymbolicState state, ref Edits edits)
    {
        var root = destination.Bits.Root.Name;
        if (RootCatalog.KindOf(root) != RootKind.Header)
        {
            state = state.With(destination.Bits, value);
            return true;
        }

        // The device makes an answer's ARP fields of its Ethernet addresses.
        if (!destination.IsWhole || value.ConstantValue is not { } constant || state.Class.IsArp())
        {
            return false;
        }

        switch (root)
        {
            case "eth.src":
                edits = edits with { EthSource = new MacAddress((ulong)constant) };
                break;
            case "eth.dst":
                edits = edits with { EthDestination = new MacAddress((ulong)constant) };
                break;
            case "ip.dscp":
                edits = edits with { Dscp = (byte)constant };
                break;
            case "ip4.src" when !state.Class.IsIpv6():
            case "ip6.src" when state.Class.IsIpv6():
                edits = edits with { Source = constant };
                state = state.WithOtherAddresses();
                break;
            case "ip4.dst" when !state.Class.IsIpv6():
            case "ip6.dst" when state.Class.IsIpv6():
                edits = edits with { Destination = constant };
                state = state.WithOtherAddresses();
                break;
            default:
                return false;
        }

        state = state.With(destination.Bits, value);
        return true;
    }

    // From a router to a switch with many others, and to one of these.
    private bool LeadsIntoCrowd(Bits destination, SymbolicState state) =>
        destination.ConstantValue is { } address && Crowd(state)?.Contains((ulong)address) == true;

    // The routers of the switch that a router sends to, if they are many.
    private IReadOnlySet<ulong>? Crowd(SymbolicState state) =>
        state.OutPort is { } name && network.Port(name) is { Type: "patch" } port && network.Port(port.Options.Find("peer") ?? "") is { } peer
            ? output.Crowd(peer.Datapath, 1, state)
            : null;

    private Edge ResolveNeighbor(FlowAt at, int index, ActionNode.GetBinding get, SymbolicState state)
    {
        var port = get.Port.Field.Name == "outport" ? state.OutPort : state.InPort;
        if (port is null)
        {
            return Unsupported(at, get, state);
        }

        var (rows, crowd) = (new List<Row>(), Crowd(state));
        var among = Leaf.Punt(Reasons.Crowd, at.Flow.Text.Actions, at.Flow.Uuid);
        foreach (var neighbor in network.Neighbors(port, get.Kind == ActionKind.GetArp ? 32 : 128))
        {
            var match = CompareFolder.Equal(get.Ip, neighbor.Ip, state);
            if (match.IsFalse)
            {
                continue;
            }

            if (match.Alternatives is not [{ Exact: true, Cube: var cube }])
            {
                return Leaf.Untestable(get.Ip.Field.Name, at.Flow.Text.Actions, at.Flow.Uuid);
            }

            rows.Add(new Row(cube, crowd?.Contains(neighbor.Mac.Value) == true ? among : WithDestination(at, index, neighbor.Mac, state)));
        }

        // Routers learn each other's addresses too: all of them, of all others.
        return nodes.Lookup(state.Class, PuntCover.Shorten(rows, Reasons.Crowd, state.Class), WithDestination(at, index, default, state));
    }

    // Whether a router knows who asks: only then it need not learn it.
    private Edge IsNeighbor(FlowAt at, int index, FieldSlice router, FieldSlice ip, FieldSlice? mac, FieldSlice destination, SymbolicState state)
    {
        var port = router.Field.Name == "outport" ? state.OutPort : state.InPort;
        List<Neighbor> neighbors = port is null ? [] : [.. network.Neighbors(port, 32).Take(AcquaintanceLimit + 1)];
        if (port is null || neighbors.Count > AcquaintanceLimit)
        {
            return Answer(Bits.Unknown(1));
        }

        var rows = new List<Row>();
        foreach (var neighbor in neighbors)
        {
            var (byIp, byMac) = (CompareFolder.Equal(ip, neighbor.Ip, state), mac is { } address ? CompareFolder.Equal(address, neighbor.Mac.Value, state) : Residual.True);
            if (byIp.IsFalse || byMac.IsFalse)
            {
                continue;
            }

            if (byIp.Alternatives is not [{ Exact: true, Cube: var one }] || byMac.Alternatives is not [{ Exact: true, Cube: var other }])
            {
                return Answer(Bits.Unknown(1));
            }

            if (one.Intersect(other) is { } both)
            {
                rows.Add(new Row(both, Answer(Bits.Constant(1, 1))));
            }
        }

        return nodes.Lookup(state.Class, rows, Answer(Bits.Constant(1, 0)));

        Edge Answer(Bits bit) => Step(at, index + 1, state.With(destination.Bits, bit), Edits.None);
    }

    private Edge WithDestination(FlowAt at, int index, MacAddress mac, SymbolicState state) =>
        Step(at, index + 1, state.With(KnownFields.EthDestination, Bits.Constant(48, mac.Value)), Edits.None with { EthDestination = mac });

    private Edge FindLearned(FlowAt at, int index, ActionNode.GetFdb get, SymbolicState state)
    {
        if (get.Destination.Field.Name != "outport")
        {
            return Unsupported(at, get, state);
        }

        var rows = new List<Row>();
        foreach (var (mac, port) in network.LearnedAddresses(at.Table.Datapath))
        {
            var match = CompareFolder.Equal(get.Mac, mac.Value, state);
            foreach (var (cube, untested) in match.Alternatives)
            {
                rows.Add(new Row(cube, untested is null
                    ? Step(at, index + 1, state.WithOutPort(port.LogicalPort), Edits.None)
                    : Leaf.Untestable(untested, at.Flow.Text.Actions, at.Flow.Uuid)));
            }
        }

        // ovn-controller leaves outport at 0 for an unknown address; "none" is the name of that port in matches.
        return nodes.Lookup(state.Class, rows, Step(at, index + 1, state.WithOutPort(KnownFields.NoPort), Edits.None));
    }

    private Edge IsLearned(FlowAt at, int index, ActionNode.LookupFdb lookup, SymbolicState state)
    {
        var inPort = state.InPort;
        var rows = new List<Row>();
        foreach (var (mac, port) in network.LearnedAddresses(at.Table.Datapath))
        {
            if (port.LogicalPort == inPort)
            {
                foreach (var (cube, untested) in CompareFolder.Equal(lookup.Mac, mac.Value, state).Alternatives)
                {
                    rows.Add(new Row(cube, untested is null
                        ? Known(1)
                        : Leaf.Untestable(untested, at.Flow.Text.Actions, at.Flow.Uuid)));
                }
            }
        }

        return nodes.Lookup(state.Class, rows, Known(0));

        Edge Known(uint bit) => Step(at, index + 1, state.With(lookup.Destination.Bits, Bits.Constant(1, bit)), Edits.None);
    }

    private Edge CheckPortSecurity(FlowAt at, int index, ActionNode.Result check, SymbolicState state)
    {
        var isIn = check.Kind == ActionKind.CheckInPortSec;
        if ((isIn ? state.InPort : state.OutPort) is not { } name || network.Port(name) is not { } port)
        {
            return Unsupported(at, check, state);
        }

        if (port.PortSecurity.Count == 0)
        {
            return Failed(0, state);
        }

        // ovn-controller checks for a port that is not, or not mainly, on this chassis when its row has changed, and no more when it has looked at all ports anew (lflow.c).
        if (port.Chassis != network.Chassis)
        {
            return Unsupported(at, check, state);
        }

        var (ethernet, address) = isIn ? (KeyField.EthSource, KeyField.Source) : (KeyField.EthDestination, KeyField.Destination);
        if (PortSecurity.Admitted(port, state.Class, ethernet, address) is not { } admitted)
        {
            return Leaf.Punt(Reasons.About(Reasons.Unsupported, ActionCatalogue.Of(check.Kind).Verb), $"port_security {string.Join("; ", port.PortSecurity)}", at.Flow.Uuid);
        }

        var passed = Failed(0, state);
        var rows = new List<Row>();
        foreach (var cube in admitted)
        {
            var field = isIn ? KnownFields.EthSource : KnownFields.EthDestination;
            if (Remaining(cube, ethernet, field, state) is { } some && Remaining(some, address, AddressField(isIn, state.Class), state) is { } rest)
            {
                // Of a single packet the address is worth knowing; of all of them, ways would no longer come together.
                rows.Add(new Row(rest, Connections is not null && cube.TermOn(ethernet) is { } known ? Failed(0, state.With(field, Bits.Constant(48, known.Value))) : passed));
            }
        }

        return nodes.Lookup(state.Class, rows, Failed(1, state));

        Edge Failed(uint bit, SymbolicState after) => Step(at, index + 1, after.With(check.Destination.Bits, Bits.Constant(1, bit)), Edits.None);
    }

    private static StorageBits AddressField(bool isSource, PacketClass packetClass) => isSource ? KnownFields.Source(packetClass) : KnownFields.Destination(packetClass);

    // An address that is already known is no test any more: the cube without it, or null when it does not fit.
    private static Cube? Remaining(Cube cube, KeyField field, StorageBits bits, SymbolicState state) =>
        cube.TermOn(field) is not { } term || state[bits].ConstantValue is not { } known ? cube
        : (known & term.Mask) == term.Value ? cube.Without(field)
        : null;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FlowAt(PreparedFlow Flow, TableKey Table);
}
