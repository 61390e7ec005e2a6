using System.Globalization;
using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Evaluation;

/// <summary>
/// Actions with connection tracking. Each sends the packet through conntrack and on to the next table, with the result in <c>ct_state</c>; what
/// follows the action in its flow is done by a copy that has not been there. Committing changes nothing that can be seen in this packet.
/// </summary>
internal sealed partial class Evaluator
{
    private const string DefaultRemark = " /* default (use --ct to customize) */";

    private ConnectionState NextState(out string remark)
    {
        if (_statesUsed < _request.States.Length)
        {
            remark = "";
            return _request.States[_statesUsed++];
        }

        remark = DefaultRemark;
        return ConnectionState.Established | ConnectionState.Tracked;
    }

    private ConnectionState StateOf(Packet packet) => (ConnectionState)(int)packet[_fields.ConnectionState];

    private void Add(Packet packet, ConnectionState state) => packet[_fields.ConnectionState] |= (UInt128)(int)state;

    /// <summary><c>ct_next</c>, <c>ct_commit_nat</c>, <c>ct_commit_to_zone</c>.</summary>
    private void Track(ActionNode.CtZone action, Place place, Packet packet, TraceNode into)
    {
        var tracked = packet.Clone();
        if (action.Kind == ActionKind.CtNext)
        {
            var state = NextState(out var remark);
            tracked[_fields.ConnectionState] = (UInt128)(int)state;
            RememberTuple(tracked);
            RunTable(place.Next, tracked, into.Add(TraceNodeKind.Transformation, $"ct_next(ct_state={ConnectionStates.Format(state)}{remark})"));
        }
        else
        {
            var text = action.Kind == ActionKind.CtCommitNat ? "ct_commit_nat /* assuming no un-nat entry, so no change */"
                : $"ct_commit_to_zone({(action.Zone == NatZone.Dnat ? "dnat" : "snat")})";
            var remark = TrackIfUntracked(tracked);
            RunTable(place.Next, tracked, into.Add(TraceNodeKind.Transformation, text + remark));
        }
    }

    // A translation implies a look-up, which a packet that has been tracked in this zone does not need.
    private string TrackIfUntracked(Packet packet)
    {
        if ((StateOf(packet) & ConnectionState.Tracked) != ConnectionState.None)
        {
            return "";
        }

        Add(packet, NextState(out var remark));
        RememberTuple(packet);
        return remark;
    }

    // The original direction's protocol and ports. What a translation in an earlier packet made of them is not known.
    private void RememberTuple(Packet packet)
    {
        packet[_fields.OriginalProtocol] = packet[_fields.Protocol];
        if (_fields.TransportPort(packet, isDestination: false) is { } source && _fields.TransportPort(packet, isDestination: true) is { } destination)
        {
            var isReply = (StateOf(packet) & ConnectionState.Reply) != ConnectionState.None;
            packet[_fields.OriginalSourcePort] = packet[isReply ? destination : source];
            packet[_fields.OriginalDestinationPort] = packet[isReply ? source : destination];
        }
    }

    /// <summary><c>ct_dnat</c>, <c>ct_snat</c> and their variants in the common zone.</summary>
    private void Translate(ActionNode.CtNat action, Place place, Packet packet, TraceNode into)
    {
        var isDestination = action.Kind is ActionKind.CtDnat or ActionKind.CtDnatInCommonZone;
        if (!isDestination && action.Target is null && place.Datapath.IsGatewayRouter && Has(OvnTraceLimits.UnsnatEndsInGatewayRouter))
        {
            return;
        }

        var translated = packet.Clone();
        var text = ActionCatalogue.Of(action.Kind).Verb;
        if (action.Target is { } target)
        {
            text += $"(ip{(target.Address.IsIpv6 ? 6 : 4)}.{(isDestination ? "dst" : "src")}={target.Address})";
            Rewrite(translated, target, isDestination);
            Add(translated, isDestination ? ConnectionState.DestinationNat : ConnectionState.SourceNat);
        }
        else
        {
            text += $" /* assuming no un-{(isDestination ? 'd' : 's')}nat entry, so no change */";
        }

        text += TrackIfUntracked(translated);
        RunTable(place.Next, translated, into.Add(TraceNodeKind.Transformation, text));
    }

    private void Rewrite(Packet packet, NatTarget target, bool isDestination)
    {
        packet[AddressOf(target.Address.IsIpv6, isDestination)] = target.Address.Value;
        if (!target.HasPorts || Has(OvnTraceLimits.NatKeepsPorts) || _fields.TransportPort(packet, isDestination) is not { } port)
        {
            return;
        }

        // The kernel keeps a port that is in the range; else it looks for a free one, of which the first stands for all.
        var high = target.PortHigh == 0 ? target.PortLow : target.PortHigh;
        if (packet[port] < target.PortLow || packet[port] > high)
        {
            packet[port] = target.PortLow;
        }
    }

    private StorageBits AddressOf(bool isIp6, bool isDestination) => (isIp6, isDestination) switch
    {
        (false, false) => _fields.Ip4Source,
        (false, true) => _fields.Ip4Destination,
        (true, false) => _fields.Ip6Source,
        (true, true) => _fields.Ip6Destination,
    };

    /// <summary><c>ct_lb</c> and its successors: a new connection goes to one of the backends.</summary>
    private void LoadBalance(ActionNode.CtLoadBalance action, Place place, Packet packet, TraceNode into)
    {
        var balanced = packet.Clone();
        var remark = "";
        if (_fields.IsIp(packet))
        {
            Add(balanced, NextState(out remark));
            RememberTuple(balanced);
            var isIp6 = _fields.IsIp6(packet);
            var backends = action.Backends.Where(backend => backend.Address.IsIpv6 == isIp6).ToList();
            if (backends.Count > 0)
            {
                SendTo(balanced, backends[Choose(TraceChoiceKind.Backend, backends.Select(Endpoint))]);
            }
            else if (action.Backends.Count > 0)
            {
                into.Add(TraceNodeKind.Error, "*** no load balancing destination (use --lb-dst)");
            }
        }

        RunTable(place.Next, balanced, into.Add(TraceNodeKind.Transformation, ActionCatalogue.Of(action.Kind).Verb + remark));
    }

    private void SendTo(Packet packet, LoadBalancerBackend backend)
    {
        var address = AddressOf(backend.Address.IsIpv6, isDestination: true);
        var port = _fields.TransportPort(packet, isDestination: true);
        packet.Original = new OriginalDestination(
            new Core.IpAddress(packet[address], backend.Address.IsIpv6), port is { } original ? (ushort)packet[original] : (ushort)0);
        packet[address] = backend.Address.Value;
        if (backend.Port != 0 && port is { } bits)
        {
            packet[bits] = backend.Port;
        }

        Add(packet, ConnectionState.DestinationNat);
    }

    private static string Endpoint(LoadBalancerBackend backend) =>
        backend.Port == 0 ? backend.Address.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{(backend.Address.IsIpv6 ? $"[{backend.Address}]" : backend.Address)}:{backend.Port}");

    /// <summary><c>select</c>: an ECMP member by hash, then the next table.</summary>
    private void Select(ActionNode.Select action, Place place, Packet packet, TraceNode into)
    {
        var taken = Choose(TraceChoiceKind.Member, action.Members.Select(member => member.Id.ToString(CultureInfo.InvariantCulture)));
        var selected = packet.Clone();
        var id = action.Members[taken].Id;
        selected[action.Destination] = id;
        RunTable(place.Next, selected, into.Add(
            TraceNodeKind.Transformation, string.Create(CultureInfo.InvariantCulture, $"select: {action.Destination} = {id}")));
    }

    /// <summary>
    /// <c>chk_lb_hairpin</c>: the packet has just been balanced back to the very host that it is from. Its answers
    /// (<c>chk_lb_hairpin_reply</c>) are known by flows that such a packet leaves behind, of which a single packet has none.
    /// </summary>
    private void CheckHairpin(ActionNode.Result action, Packet packet, TraceNode into)
    {
        var isReply = action.Kind == ActionKind.ChkLbHairpinReply;
        var isHairpin = packet.Original is { } original
            && _fields.IsIp(packet)
            && (StateOf(packet) & ConnectionState.DestinationNat) != ConnectionState.None
            && packet[AddressOf(original.Address.IsIpv6, isDestination: false)] == packet[AddressOf(original.Address.IsIpv6, isDestination: true)]
            && IsVip(original, isReply ? PortTo(packet) : original.Port)
            && (!isReply || Has(OvnTraceLimits.SimpleHairpin));
        packet[action.Destination] = isHairpin ? 1u : 0u;
        into.Add(TraceNodeKind.Edit, $"{action.Destination} = {(isHairpin ? 1 : 0)}");
    }

    /// <summary><c>ct_snat_to_vip</c>: a hairpinned packet seems to come from the virtual address, so that the answer comes back here.</summary>
    private void TranslateToVip(Packet packet, TraceNode into)
    {
        if (packet.Original is not { } original || !IsVip(original, original.Port))
        {
            return;
        }

        into.Add(TraceNodeKind.Action, $"/* nat(src={original.Address}) */");
        if (!Has(OvnTraceLimits.SimpleHairpin))
        {
            packet[AddressOf(original.Address.IsIpv6, isDestination: false)] = original.Address.Value;
        }
    }

    private int PortTo(Packet packet) => _fields.TransportPort(packet, isDestination: true) is { } bits ? (int)packet[bits] : 0;

    private bool IsVip(OriginalDestination original, int port) =>
        _network.Southbound.LoadBalancers.Any(balancer => balancer.Vips.Keys.Any(vip => IsEndpoint(vip, original.Address, port)));

    private static bool IsEndpoint(string text, Core.IpAddress address, int port)
    {
        var portText = port.ToString(CultureInfo.InvariantCulture);
        return text == (address.IsIpv6 ? $"[{address}]:{portText}" : $"{address}:{portText}") || (port == 0 && text == address.ToString());
    }
}
