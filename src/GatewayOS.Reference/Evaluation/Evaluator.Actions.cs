using System.Diagnostics;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Evaluation;

/// <summary>The actions of a flow (ovn-sb(5), Logical_Flow, actions).</summary>
internal sealed partial class Evaluator
{
    private void RunActions(EquatableArray<ActionNode> actions, Place place, Packet packet, TraceNode into)
    {
        if (actions.Count == 0)
        {
            into.Add(TraceNodeKind.Action, "drop;");
            Drop(place, packet, "dropped by a flow");
            return;
        }

        var stack = new Stack<UInt128>();
        foreach (var action in actions)
        {
            into.Add(TraceNodeKind.Action, _network.Friendly(Text([action], place)));
            if (IsForController(action.Kind))
            {
                _outcomes.Add(new TraceOutcome.Controlled(place.Chassis?.Name, packet.Clone(), Text([action], place)));
            }

            Run(action, place, packet, stack, into);
        }
    }

    private void Run(ActionNode action, Place place, Packet packet, Stack<UInt128> stack, TraceNode into)
    {
        switch (action)
        {
            case ActionNode.Simple simple:
                RunSimple(simple, place, packet, into);
                break;
            case ActionNode.Next next:
                Next(next, place, packet, into);
                break;
            case ActionNode.Load load:
                Load(load, place, packet, into);
                break;
            case ActionNode.LoadString load:
                packet[load.Destination] = (UInt128)(_network.KeyOf(place.Datapath, load.Value) ?? 0);
                break;
            case ActionNode.Move move:
                Move(move, place, packet, into);
                break;
            case ActionNode.Exchange exchange:
                Exchange(exchange, place, packet, into);
                break;
            case ActionNode.Push push:
                stack.Push(packet[push.Source]);
                into.Add(TraceNodeKind.Edit, $"push({push.Source}) -> {ValueText.Hex(packet[push.Source])}");
                break;
            case ActionNode.Pop pop:
                Pop(pop, packet, stack, into);
                break;
            case ActionNode.Nested nested:
                RunNested(nested, place, packet, into);
                break;
            case ActionNode.CtZone zone:
                Track(zone, place, packet, into);
                break;
            case ActionNode.CtNat nat:
                Translate(nat, place, packet, into);
                break;
            case ActionNode.CtLoadBalance balance:
                LoadBalance(balance, place, packet, into);
                break;
            case ActionNode.Select select:
                Select(select, place, packet, into);
                break;
            case ActionNode.FwdGroup group:
                ToForwardingGroup(group, place, packet, into);
                break;
            case ActionNode.Log log:
                LogPacket(log, place, into);
                break;
            default:
                LookUp(action, place, packet, into);
                break;
        }
    }

    /// <summary>Whether the action is executed by ovn-controller.</summary>
    private static bool IsForController(ActionKind kind) => kind is
        ActionKind.Arp or ActionKind.NdNa or ActionKind.NdNaRouter or ActionKind.NdNs or ActionKind.Icmp4 or ActionKind.Icmp4Error
        or ActionKind.Icmp6 or ActionKind.Icmp6Error or ActionKind.TcpReset or ActionKind.SctpAbort or ActionKind.Reject or ActionKind.Igmp
        or ActionKind.PutArp or ActionKind.PutNd or ActionKind.PutFdb or ActionKind.PutDhcpOpts or ActionKind.PutDhcpv6Opts or ActionKind.PutNdRaOpts
        or ActionKind.DhcpRelayReqChk or ActionKind.DhcpRelayRespChk or ActionKind.DnsLookup or ActionKind.Log or ActionKind.TriggerEvent
        or ActionKind.BindVport or ActionKind.HandleSvcCheck or ActionKind.HandleDhcpv6Reply or ActionKind.HandleBfdMsg;

    private void RunSimple(ActionNode.Simple action, Place place, Packet packet, TraceNode into)
    {
        switch (action.Kind)
        {
            case ActionKind.Output:
                Output(place, packet, into);
                break;
            case ActionKind.CtClear:
                _fields.ClearConnection(packet);
                break;
            case ActionKind.CtSnatToVip:
                TranslateToVip(packet, into);
                break;
            case ActionKind.DecrementTtl when !_fields.IsIp(packet):
                into.Add(TraceNodeKind.Error, "*** TTL decrement of non-IP packet");
                break;
            case ActionKind.DecrementTtl when packet[_fields.HopLimit] == 0:
                into.Add(TraceNodeKind.Error, "*** TTL underflow");
                break;
            case ActionKind.DecrementTtl:
                packet[_fields.HopLimit] -= 1;
                into.Add(TraceNodeKind.Edit, "ip.ttl--");
                break;
            case ActionKind.FloodRemote:
                FloodRemote(place, packet, into);
                break;
            case ActionKind.Igmp or ActionKind.HandleDhcpv6Reply or ActionKind.HandleBfdMsg or ActionKind.MacCacheUse:
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Next(ActionNode.Next next, Place place, Packet packet, TraceNode into)
    {
        var target = place with { Pipeline = next.Pipeline, Table = next.Table };
        if (next.Pipeline != place.Pipeline)
        {
            var (name, port) = next.Pipeline == Pipeline.Ingress ? ("ingress", "inport") : ("egress", "outport");
            var key = (int)packet[next.Pipeline == Pipeline.Ingress ? _fields.InPort : _fields.OutPort];
            into = into.Add(TraceNodeKind.Pipeline, $"{name}(dp=\"{place.Datapath.FriendlyName}\", {port}=\"{PortName(place, key)}\")");
        }

        RunTable(target, packet, into);
    }

    private void Load(ActionNode.Load load, Place place, Packet packet, TraceNode into)
    {
        var text = Text([load], place)[..^1];
        if (load.Kind == ActionKind.ControllerFieldLoad)
        {
            into.Add(TraceNodeKind.Edit, text);
            return;
        }

        if (!_fields.IsMetadata(load.Destination.Bits.Root))
        {
            into.Add(TraceNodeKind.Edit, text);
        }

        if (Exists(load.Destination, place, packet))
        {
            var mask = load.Value.Mask ?? UInt128.MaxValue;
            packet[load.Destination] = (packet[load.Destination] & ~mask) | (load.Value.Value & mask);
        }
    }

    private void Move(ActionNode.Move move, Place place, Packet packet, TraceNode into)
    {
        ShowMove(move.Destination, move.Source, packet, into);
        if (Exists(move.Destination, place, packet) && Exists(move.Source, place, packet))
        {
            packet[move.Destination] = packet[move.Source];
        }
    }

    private void Exchange(ActionNode.Exchange exchange, Place place, Packet packet, TraceNode into)
    {
        var (left, right) = (exchange.Left, exchange.Right);
        ShowMove(left, right, packet, into);
        ShowMove(right, left, packet, into);
        if (Exists(left, place, packet) && Exists(right, place, packet))
        {
            (packet[left], packet[right]) = (packet[right], packet[left]);
        }
    }

    private void ShowMove(FieldSlice destination, FieldSlice source, Packet packet, TraceNode into)
    {
        if (!_fields.IsMetadata(destination.Bits.Root))
        {
            into.Add(TraceNodeKind.Edit, $"{destination} = {ValueText.Of(source.Bits, packet[source])}");
        }
    }

    private static void Pop(ActionNode.Pop pop, Packet packet, Stack<UInt128> stack, TraceNode into)
    {
        if (stack.TryPop(out var value))
        {
            packet[pop.Destination] = value;
            into.Add(TraceNodeKind.Edit, $"pop({pop.Destination}) <- {ValueText.Hex(value)}");
        }
        else
        {
            into.Add(TraceNodeKind.Edit, $"pop({pop.Destination}) <- /* empty stack */");
        }
    }

    private static void LogPacket(ActionNode.Log log, Place place, TraceNode into) => into.Add(
        TraceNodeKind.Transformation,
        $"LOG: ACL name={log.Name ?? "<unnamed>"}, direction={(place.Pipeline == Pipeline.Ingress ? "IN" : "OUT")}, "
        + $"verdict={log.Verdict.ToString().ToLowerInvariant()}, severity={log.Severity.ToString().ToLowerInvariant()}");

    /// <summary>A field that the packet does not have is neither read nor written (ovs-fields(7), prerequisites).</summary>
    private bool Exists(FieldSlice slice, Place place, Packet packet) =>
        slice.Field.Prerequisite is null || MatchEvaluator.IsTrue(slice.Field.Prerequisite, new MatchFacts(_residence, place, packet));

    private static string PortName(Place place, int key) =>
        key == 0 ? "" : place.Datapath.Port(key)?.FriendlyName ?? "(unnamed)";

    /// <summary>Asks the caller for what a chassis would find by a hash, or does not define.</summary>
    private int Choose(TraceChoiceKind kind, IEnumerable<string> alternatives)
    {
        var choice = new TraceChoice(kind, [.. alternatives], 0, _shownTables);
        if (choice.Alternatives.Length > 1)
        {
            choice = choice with { Taken = _request.Choose?.Invoke(choice) ?? 0 };
            _choices.Add(choice);
        }

        return choice.Taken;
    }
}
