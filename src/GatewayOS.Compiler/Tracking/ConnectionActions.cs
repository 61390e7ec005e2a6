using System.Globalization;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.P4;
using Pipeline = GatewayOS.LogicalFlows.Pipeline;

namespace GatewayOS.Compiler.Tracking;

/// <summary>
/// The actions with conntrack, for a packet whose connection is known: conntrack's answers are looked up, and commits that change nothing of an
/// existing connection are nothing. What is not certain is a punt (invariant I2).
/// </summary>
/// <remarks>
/// The zones are those of table 0, 38 and 65 of br-int (controller/physical.c): that of the logical port on a switch, of which a datapath has one for the
/// input and one for the output port; DNAT and SNAT zone of a router. An action uses reg13 on a switch; on a router reg12 (SNAT) or reg11 (lib/actions.c).
/// A switch has an SNAT zone too, for <c>ct_snat</c>: that of packets that a load balancer leads back to where they came from.
/// </remarks>
/// <param name="network">The network.</param>
/// <param name="conntrack">The connections.</param>
/// <param name="evaluator">What goes on with the next table.</param>
internal sealed class ConnectionActions(LogicalNetwork network, IConntrack conntrack, Evaluator evaluator)
{
    // OVN_CT_NATTED_BIT of include/ovn/logical-fields.h; in the label before OVN 22.03.
    private const int NattedBit = 1;

    private const int New = 1 << 0, Established = 1 << 1, Reply = 1 << 3, Invalid = 1 << 4, Tracked = 1 << 5;

    /// <summary>Whether conntrack has been asked on the way: from there on all is a part of the verdict.</summary>
    public bool IsTracked { get; private set; }

    /// <summary>What conntrack was asked so far.</summary>
    public List<ConntrackQuestion> Questions { get; } = [];

    /// <summary>The connections whose mark or label the packet changes.</summary>
    public List<ConntrackQuestion> Changes { get; } = [];

    public static bool Handle(ActionNode action) =>
        action.Kind == ActionKind.CtClear || ActionCatalogue.Of(action.Kind).Class == ActionClass.Connection;

    /// <param name="flow">The flow.</param>
    /// <param name="index">The action's place in it.</param>
    /// <param name="table">The flow's table.</param>
    /// <param name="state">The packet.</param>
    /// <param name="rest">Executes the actions behind this one.</param>
    public Edge Execute(PreparedFlow flow, int index, TableKey table, SymbolicState state, Func<SymbolicState, Edge> rest)
    {
        if (IsTracked || flow.Actions[index].Kind == ActionKind.CtClear)
        {
            return Perform(flow, index, table, state, rest);
        }

        var place = new TrackPlace(new PuntCause(Reasons.Conntrack, flow.Text.Actions, flow.Uuid), ZoneOwner.Of(network, flow.Actions[index], table, state));
        // Known: an evaluation begins with one, and who replaces it does so by addresses that are known.
        var destination = new MacAddress((ulong)state[KnownFields.EthDestination].ConstantValue!.Value);
        var (before, asked) = (TupleOf(state), Questions.Count);
        IsTracked = true;
        var edge = Perform(flow, index, table, state, rest);
        IsTracked = false;
        // The connection is that of the first zone that knows the packet: those before know of none.
        ConntrackQuestion? first = Questions.Skip(asked).Where(question => question.Tuple == before && conntrack.Find(question.Zone, question.Tuple) is not null)
            .Select(question => (ConntrackQuestion?)question).FirstOrDefault() ?? (Questions.Count > asked ? Questions[asked] : null);
        return Ends(edge, Edits.None, FlowTrail.Empty.Before(flow.Segment, flow.IsCounted), before, new Target.Tracked(place, first, destination, null, null));
    }

    private Edge Perform(PreparedFlow flow, int index, TableKey table, SymbolicState state, Func<SymbolicState, Edge> rest)
    {
        var action = flow.Actions[index];
        switch (action)
        {
            case ActionNode.Simple { Kind: ActionKind.CtClear }:
                return rest(Cleared(state));
            case ActionNode.Result { Kind: ActionKind.ChkLbHairpin } check:
                return LeadsBack(state) is { } leadsBack ? rest(state.With(check.Destination.Bits, Bits.Constant(1, leadsBack ? 1u : 0)))
                    : Refused("a load balancer that leads back to its client, without a connection that says which", flow);
            case ActionNode.Result { Kind: ActionKind.ChkLbHairpinReply } check:
                return AnswersItself(table, state) is { } isAnswer ? rest(state.With(check.Destination.Bits, Bits.Constant(1, isAnswer ? 1u : 0)))
                    : Refused("an answer that may be of a load balancer that leads back to its client", flow);
            // What OVS has learned it forgets after 20 s without a packet or 30 s with (lib/actions.c, commit_ecmp_learn_action), and then sends answers by the hash.
            case ActionNode.Result { Kind: ActionKind.ChkEcmpNh or ActionKind.ChkEcmpNhMac }:
                return Refused("chk_ecmp_nh: the next hop is what OVS has learned, for 30 s", flow);
            case ActionNode.Nested { Kind: ActionKind.CtCommit } commit:
                return Commit(commit, flow, table, state, rest);
            case ActionNode.CtZone zone when IsLast(flow, index):
                return Pass(flow, table, state, ZoneOwner.ZoneOf(action), translates: zone.Kind == ActionKind.CtCommitNat, commits: zone.Kind != ActionKind.CtNext);
            case ActionNode.CtNat nat when IsLast(flow, index):
                return Pass(flow, table, state, ZoneOwner.ZoneOf(action), translates: true, commits: nat.Target is not null, isNat: true);
            case ActionNode.CtLoadBalance { Kind: ActionKind.CtLbMark or ActionKind.CtLb } balance when IsLast(flow, index) && balance.Backends.Count == 0:
                return Pass(flow, table, state, ZoneOwner.ZoneOf(action), translates: true, commits: false);
            default:
                return Refused(flow.Text.Actions, flow);
        }
    }

    private static bool IsLast(PreparedFlow flow, int index) => index == flow.Actions.Count - 1;

    // Through conntrack, and on to the next table with what it says.
    private Edge Pass(PreparedFlow flow, TableKey table, SymbolicState state, NatZone kind, bool translates, bool commits, bool isNat = false)
    {
        if (ZoneOf(table, state, kind, isNat) is not { } zone)
        {
            return Refused("a conntrack zone that is not known", flow);
        }

        if (TupleOf(state) is not { } tuple)
        {
            return Refused("a connection whose packets are not alike", flow);
        }

        var next = table with { Table = table.Table + 1 };
        var isTranslated = state[TrackingFields.TranslatedIn].ConstantValue == zone;
        if (Find(zone, tuple, isTranslated) is not var (connection, direction))
        {
            if (conntrack.IsOneSided(zone, tuple) && !(commits && translates))
            {
                // To commit what exists changes nothing. A flow may ask which of these it is, and go on alike.
                var all = new[] { Established, New, Invalid }.Select(one => evaluator.Run(next, Saying(Bits.Constant(32, (uint)(Tracked | one))))).ToList();
                return all.TrueForAll(all[0].BehavesAs) ? all[0] : Refused(string.Create(CultureInfo.InvariantCulture, $"a connection that nobody answers in zone {zone}"), flow);
            }

            // Of a packet without a connection each look-up begins one, which is forgotten unless it is committed.
            return !conntrack.IsAbsent(zone, tuple) ? Refused(string.Create(CultureInfo.InvariantCulture, $"zone {zone} may have a connection that is not known, or not answered"), flow)
                : commits ? Refused(string.Create(CultureInfo.InvariantCulture, $"a connection that is new in zone {zone}"), flow)
                : evaluator.Run(next, Saying(Bits.Constant(32, Tracked).With(0, Bits.Unknown(1)).With(2, Bits.Unknown(1)).With(4, Bits.Unknown(1))));

            SymbolicState Saying(Bits said) => WithState(state, 0, said.With(6, Bits.Unknown(2)), Bits.Constant(32, 0), Bits.Constant(128, 0));
        }

        if (OffloadObstacles.Of(connection) is var obstacle and not OffloadObstacle.None)
        {
            return Refused(string.Create(CultureInfo.InvariantCulture, $"zone {zone}: {obstacle}"), flow);
        }

        if (conntrack.IsChanging(connection))
        {
            return Refused("a mark or label that packets of the other direction are to change", flow);
        }

        if (connection.Has(ConnectionStatus.Expected))
        {
            return Refused("a related connection", flow);
        }

        // A zone translates a packet once (lib/conntrack.c, handle_nat; net/openvswitch/conntrack.c, OVS_CS_F_NAT_MASK).
        if (translates && connection.IsTranslated && !isTranslated)
        {
            isTranslated = true;
            state = WithTuple(state, (direction == ConnectionDirection.Original ? connection.Reply : connection.Original).Reversed);
        }

        var said = Bits.Constant(32, (uint)(Tracked | Established | (direction == ConnectionDirection.Reply ? Reply : 0))).With(6, Bits.Unknown(2));
        var edge = evaluator.Run(next, WithState(state, isTranslated ? zone : (ushort)0, said, Bits.Constant(32, connection.Mark), Bits.Constant(128, connection.Labels)));
        return WithPacket(edge, TupleOf(state)!.Value);
    }

    // Table 68 of br-int: balanced, to the backend that it is from (controller/lflow.c, add_lb_vip_hairpin_flows). Of its addresses such a packet has only the backend's left.
    private bool? LeadsBack(SymbolicState state)
    {
        if (TupleOf(state) is not { } now || now.Source != now.Destination)
        {
            return false;
        }

        if (state[TrackingFields.Mark].Slice(NattedBit, 1).ConstantValue is not { } natted || state[TrackingFields.Label].Slice(NattedBit, 1).ConstantValue != 0)
        {
            return null;
        }

        if (natted == 0)
        {
            return false;
        }

        return state[TrackingFields.TranslatedIn].ConstantValue is { } zone && zone != 0 && Find((ushort)zone, now, isTranslated: true) is (var connection, ConnectionDirection.Original)
            ? network.Hairpins(now.DestinationAddress).Any(hairpin => hairpin.LeadsBack(connection.Original, now)) : null;
    }

    // Table 69: a flow that the first of those packets leaves behind for good. Of an answer whose connection is known to be from the backend to itself it has been there.
    private bool? AnswersItself(TableKey table, SymbolicState state)
    {
        var now = TupleOf(state)!.Value;
        if (!network.IsLoadBalancerAddress(now.DestinationAddress))
        {
            return false;
        }

        return ZoneOf(table, state, NatZone.Snat, isNat: true) is { } zone && Ask(zone, now) is (var connection, ConnectionDirection.Reply)
            && connection.Original.Source == now.Source && connection.Original.Destination == now.Source
            && network.Hairpins(now.SourceAddress).Any(hairpin => hairpin.IsAnswer(now)) ? true : null;
    }

    // What is committed anew of an existing connection is its mark and label.
    private Edge Commit(ActionNode.Nested commit, PreparedFlow flow, TableKey table, SymbolicState state, Func<SymbolicState, Edge> rest)
    {
        if (ZoneOf(table, state, NatZone.Dnat) is not { } zone || TupleOf(state) is not { } tuple
            || Find(zone, tuple, state[TrackingFields.TranslatedIn].ConstantValue == zone) is not var (connection, _))
        {
            return Refused("a connection that is to be committed", flow);
        }

        var marked = state.With((TrackingFields.Mark, Bits.Constant(32, connection.Mark)), (TrackingFields.Label, Bits.Constant(128, connection.Labels)));
        foreach (var action in commit.Actions)
        {
            var isSame = action switch
            {
                ActionNode.Load { Value.Mask: null } load => marked[load.Destination.Bits].ConstantValue == load.Value.Value,
                ActionNode.Move move => state[move.Source.Bits].ConstantValue is { } value && marked[move.Destination.Bits].ConstantValue == value,
                _ => false,
            };
            if (!isSame)
            {
                if (action is ActionNode.Load)
                {
                    Changes.Add(new ConntrackQuestion(zone, connection.Original));
                }

                return Refused("a mark or label that is to change", flow);
            }
        }

        return rest(state);
    }

    private (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, ConnectionTuple tuple, bool isTranslated)
    {
        // A packet that this zone has just translated is known to it by what it was; the answers to what it is now have the other tuple.
        if (isTranslated && Ask(zone, tuple.Reversed) is var (translated, opposite) && translated.IsTranslated)
        {
            return (translated, opposite == ConnectionDirection.Original ? ConnectionDirection.Reply : ConnectionDirection.Original);
        }

        return Ask(zone, tuple);
    }

    private (Connection Connection, ConnectionDirection Direction)? Ask(ushort zone, ConnectionTuple tuple)
    {
        Questions.Add(new ConntrackQuestion(zone, tuple));
        return conntrack.Find(zone, tuple);
    }

    // Of the actions only ct_snat and ct_dnat use the datapath's zones on a switch too (encode_ct_nat).
    private ushort? ZoneOf(TableKey table, SymbolicState state, NatZone kind, bool isNat = false)
    {
        // Nothing loads the zones for what comes from a VTEP switch, before it is known where it goes (controller/physical.c, "ramp switch encapsulations").
        if (table.Pipeline == Pipeline.Ingress && state[KnownFields.FromVtep].ConstantValue != 0)
        {
            return null;
        }

        var datapath = network.Datapath(table.Datapath);
        var zone = datapath.IsRouter || isNat
            ? (kind == NatZone.Dnat ? conntrack.Zones.Dnat(datapath) : conntrack.Zones.AwaitsSnat(datapath) ? ConntrackZones.NoZone : conntrack.Zones.Snat(datapath))
            : (table.Pipeline == Pipeline.Ingress ? state.InPort : state.OutPort) is { } port ? conntrack.Zones.OfPort(port) : ConntrackZones.NoZone;
        return zone == ConntrackZones.NoZone ? null : zone;
    }

    private static SymbolicState Cleared(SymbolicState state) => WithState(state, 0, Bits.Constant(32, 0), Bits.Constant(32, 0), Bits.Constant(128, 0));

    private static SymbolicState WithState(SymbolicState state, ushort translatedIn, Bits said, Bits mark, Bits label) =>
        state.With((TrackingFields.State, said), (TrackingFields.Mark, mark), (TrackingFields.Label, label), (TrackingFields.TranslatedIn, Bits.Constant(16, translatedIn)));

    /// <summary>The 5-tuple that the packet has now, or null if it is not known.</summary>
    public static ConnectionTuple? TupleOf(SymbolicState state)
    {
        var isIpv6 = state.Class.IsIpv6();
        if (state[TrackingFields.Protocol].ConstantValue is not { } number || state[TrackingFields.Source(isIpv6)].ConstantValue is not { } source
            || state[TrackingFields.Destination(isIpv6)].ConstantValue is not { } destination)
        {
            return null;
        }

        var protocol = (TransportProtocol)(byte)number;
        if (TrackingFields.Ports(protocol) is var (from, to))
        {
            return state[from].ConstantValue is { } sourcePort && state[to].ConstantValue is { } destinationPort
                ? new ConnectionTuple(isIpv6, protocol, source, destination, (ushort)sourcePort, (ushort)destinationPort) : null;
        }

        var (type, code) = TrackingFields.Icmp(isIpv6);
        return state[TrackingFields.EchoId].ConstantValue is { } id && state[type].ConstantValue is { } typeOf && state[code].ConstantValue is { } codeOf
            ? new ConnectionTuple(isIpv6, protocol, source, destination, (ushort)id, (ushort)((typeOf << 8) | codeOf)) : null;
    }

    /// <summary>The packet with another 5-tuple, of the same protocol.</summary>
    public static SymbolicState WithTuple(SymbolicState state, ConnectionTuple tuple)
    {
        var width = tuple.IsIpv6 ? 128 : 32;
        var (protocol, from, to) = ((TrackingFields.Protocol, Bits.Constant(8, (byte)tuple.Protocol)),
            (TrackingFields.Source(tuple.IsIpv6), Bits.Constant(width, tuple.Source)), (TrackingFields.Destination(tuple.IsIpv6), Bits.Constant(width, tuple.Destination)));
        if (TrackingFields.Ports(tuple.Protocol) is var (source, destination))
        {
            return state.With(protocol, from, to, (source, Bits.Constant(16, tuple.SourcePort)), (destination, Bits.Constant(16, tuple.DestinationPort)));
        }

        var (type, code) = TrackingFields.Icmp(tuple.IsIpv6);
        return state.With(
            protocol, from, to, (TrackingFields.EchoId, Bits.Constant(16, tuple.SourcePort)), (type, Bits.Constant(8, tuple.IcmpType)), (code, Bits.Constant(8, tuple.IcmpCode)));
    }

    // What has become of the packet stands with where it leaves: an inner look-up knows better than an outer one, and what rewrites addresses behind it better still.
    private static Edge WithPacket(Edge edge, ConnectionTuple tuple)
    {
        var now = Rewritten(tuple, edge.Edits);
        return edge.Target switch
        {
            Target.Go(var node) => edge with
            {
                Target = new Target.Go(new Node(
                    node.Class, new([.. node.Rows.Select(row => row with { Edge = WithPacket(row.Edge, now) })]), WithPacket(node.Default, now))),
            },
            Target.Forward(var output) => edge with { Target = new Target.Translated(output, now) },
            _ => edge,
        };
    }

    private static ConnectionTuple Rewritten(ConnectionTuple tuple, Edits edits) =>
        tuple with { Source = edits.Source ?? tuple.Source, Destination = edits.Destination ?? tuple.Destination };

    // All ends behind the place where conntrack was first asked name it, and the whole way from there.
    private static Edge Ends(Edge edge, Edits edits, FlowTrail flows, ConnectionTuple? before, Target.Tracked at)
    {
        (edits, flows) = (edits.Then(edge.Edits), flows.Then(edge.Flows));
        var target = edge.Target switch
        {
            Target.Go(var node) => new Target.Go(new Node(
                node.Class, new([.. node.Rows.Select(row => row with { Edge = Ends(row.Edge, edits, flows, before, at) })]),
                Ends(node.Default, edits, flows, before, at))),
            Target.Drop or Target.Forward { Output: OutputTarget.Nowhere } or Target.Translated { Output: OutputTarget.Nowhere } =>
                at with { Obstacle = flows.LastOrDefault() is var last && last != Guid.Empty ? $"its packets are dropped by logical flow {last:d}" : "its packets are dropped" },
            Target.Forward(var output) when before is { } old => Verdict(output, RewriteOf(old, Rewritten(old, edits))),
            Target.Translated(var output, var tuple) when before is { } old => Verdict(output, RewriteOf(old, tuple)),
            Target.Punt(var cause) => at with { Obstacle = cause.Detail.Length == 0 ? cause.Reason : $"{cause.Reason}: {cause.Detail}" },
            Target.Turn(Turn.Ethernet, _) => at with { Obstacle = "an Ethernet source that no port security fixes" },
            Target.Turn => at with { Obstacle = "an answer to a ping that conntrack has been asked about" },
            _ => (Target)(at with { Obstacle = "its packets are not alike" }),
        };
        return new Edge(Edits.None, target, FlowTrail.Empty);

        Target.Tracked Verdict(OutputTarget output, ConnectionRewrite rewrite) =>
            at with { Verdict = new TrackedVerdict(at.Place, at.Destination, output, edits with { Source = null, Destination = null }, rewrite, flows) };
    }

    private static ConnectionRewrite RewriteOf(ConnectionTuple old, ConnectionTuple now) => new(
        now.Source == old.Source ? null : now.Source,
        now.Destination == old.Destination ? null : now.Destination,
        now.SourcePort == old.SourcePort ? null : now.SourcePort,
        now.IsIcmp || now.DestinationPort == old.DestinationPort ? null : now.DestinationPort);

    private static Edge Refused(string why, PreparedFlow flow) => Leaf.Punt(Reasons.Conntrack, why, flow.Uuid);
}
