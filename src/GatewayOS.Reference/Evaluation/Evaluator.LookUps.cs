using System.Diagnostics;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Evaluation;

/// <summary>Actions that ask tables outside of the pipeline, and those that only ovn-controller executes.</summary>
internal sealed partial class Evaluator
{
    private const ulong EthernetBroadcast = 0xffffffffffff;

    private void LookUp(ActionNode action, Place place, Packet packet, TraceNode into)
    {
        switch (action)
        {
            case ActionNode.GetBinding get:
                GetNeighbor(get, place, packet, into);
                break;
            case ActionNode.LookupBinding lookup:
                var known = Neighbor(place, packet, lookup.Port, lookup.Ip);
                Answer(lookup.Destination, known is { } mac && mac.Value == packet[lookup.Mac], $"/* MAC binding to {known} found. */", packet, into);
                break;
            case ActionNode.LookupBindingIp lookup:
                Answer(lookup.Destination, Neighbor(place, packet, lookup.Port, lookup.Ip) is not null, "/* MAC binding found. */", packet, into);
                break;
            case ActionNode.GetFdb { Kind: ActionKind.GetFdb } get:
                packet[get.Destination] = (UInt128)(_network.Bindings.PortOf(place.Datapath, new MacAddress((ulong)packet[get.Mac])) ?? 0);
                break;
            case ActionNode.GetFdb get:
                packet[get.Destination] = 0;
                break;
            case ActionNode.LookupFdb lookup:
                LookUpFdb(lookup, place, packet, into);
                break;
            case ActionNode.Result result:
                GetResult(result, place, packet, into);
                break;
            case ActionNode.CheckPktLarger check:
                CheckLength(check, packet);
                break;
            case ActionNode.PutOptions put:
                PutOptions(put, place, packet, into);
                break;
            case ActionNode.DhcpRelay relay:
                RelayDhcp(relay, packet, into);
                break;
            case ActionNode.ChkEvpnArp check:
                packet[check.Destination] = 0;
                break;
            case ActionNode.CtCommitLegacy or ActionNode.PutBinding or ActionNode.PutFdb or ActionNode.SetQueueId or ActionNode.SetMeter
                or ActionNode.TriggerEvent or ActionNode.BindVport or ActionNode.HandleSvcCheck or ActionNode.CommitEcmpNh or ActionNode.CommitLbAff
                or ActionNode.Sample or ActionNode.Mirror:
                break;
            default:
                throw new UnreachableException();
        }
    }

    private MacAddress? Neighbor(Place place, Packet packet, FieldSlice port, FieldSlice ip) => _network.Bindings.Neighbor(
        place.Datapath, (int)packet[port], new IpAddress(packet[ip], ip.Width == 128), withConfigured: !Has(OvnTraceLimits.StaticBindingsIgnored));

    /// <summary><c>get_arp</c>, <c>get_nd</c>: an unknown neighbour has the address 0.</summary>
    private void GetNeighbor(ActionNode.GetBinding get, Place place, Packet packet, TraceNode into)
    {
        var neighbor = Neighbor(place, packet, get.Port, get.Ip);
        var mac = neighbor ?? default;
        packet[_fields.EthDestination] = mac.Value;
        into.Add(TraceNodeKind.Action, neighbor is null ? "/* No MAC binding. */" : $"/* MAC binding to {mac}. */");
        into.Add(TraceNodeKind.Edit, $"eth.dst = {mac}");
    }

    private static void Answer(FieldSlice destination, bool isFound, string found, Packet packet, TraceNode into)
    {
        packet[destination] = isFound ? 1u : 0u;
        into.Add(TraceNodeKind.Action, isFound ? found : "/* lookup failed - No MAC binding. */");
    }

    private void LookUpFdb(ActionNode.LookupFdb lookup, Place place, Packet packet, TraceNode into)
    {
        var mac = new MacAddress((ulong)packet[lookup.Mac]);
        var isThere = _network.Bindings.PortOf(place.Datapath, mac) is { } port && (UInt128)port == packet[lookup.Port];
        packet[lookup.Destination] = isThere ? 1u : 0u;
        into.Add(TraceNodeKind.Action, isThere ? $"/* MAC lookup for {mac} found in FDB. */" : "/* lookup mac failed in mac learning table. */");
    }

    private void GetResult(ActionNode.Result action, Place place, Packet packet, TraceNode into)
    {
        switch (action.Kind)
        {
            case ActionKind.CheckInPortSec:
                packet[action.Destination] =
                    place.Datapath.Port((int)packet[_fields.InPort]) is { } source && !_portSecurity.AdmitsIn(source, packet) ? 1u : 0u;
                break;
            case ActionKind.CheckOutPortSec:
                packet[action.Destination] =
                    place.Datapath.Port((int)packet[_fields.OutPort]) is { } target && !_portSecurity.AdmitsOut(target, packet) ? 1u : 0u;
                break;
            case ActionKind.ChkLbHairpin or ActionKind.ChkLbHairpinReply:
                CheckHairpin(action, packet, into);
                break;

            // Known by flows that earlier packets leave behind; a single packet has none.
            case ActionKind.ChkEcmpNh or ActionKind.ChkEcmpNhMac or ActionKind.ChkLbAff:
                packet[action.Destination] = Has(OvnTraceLimits.ResultsLeftUnset) ? packet[action.Destination] : 0;
                break;
            case ActionKind.DnsLookup:
                packet[action.Destination] = 0;
                into.Add(TraceNodeKind.Error, "*** dns_lookup action not implemented");
                break;
            case ActionKind.CtNwDst or ActionKind.CtIp6Dst or ActionKind.CtTpDst or ActionKind.CtProto or ActionKind.CtStateSave
                when Has(OvnTraceLimits.ResultsLeftUnset):
                break;
            case ActionKind.CtNwDst or ActionKind.CtIp6Dst:
                packet[action.Destination] = packet.Original?.Address.Value ?? packet[AddressOf(action.Kind == ActionKind.CtIp6Dst, isDestination: true)];
                break;
            case ActionKind.CtTpDst:
                packet[action.Destination] = packet.Original?.Port ?? (UInt128)PortTo(packet);
                break;
            case ActionKind.CtProto:
                packet[action.Destination] = packet[_fields.Protocol];
                break;
            case ActionKind.CtStateSave:
                packet[action.Destination] = packet[_fields.ConnectionState] & byte.MaxValue;
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The length is the one from the L3 header on; that of a packet of unknown length counts as small.</summary>
    private void CheckLength(ActionNode.CheckPktLarger check, Packet packet)
    {
        const int EthernetHeader = 14;
        if (packet.Length is { } length)
        {
            var link = EthernetHeader + ((packet[_fields.VlanTci] >> 12 & 1) != 0 ? 4 : 0);
            packet[check.Destination] = length - link > check.Length ? 1u : 0u;
        }
        else if (!Has(OvnTraceLimits.ResultsLeftUnset))
        {
            packet[check.Destination] = 0;
        }
    }

    /// <summary>
    /// <c>dhcp_relay_req_chk</c>, <c>dhcp_relay_resp_chk</c>: the message is taken to be a proper one, and an answer to be for a client that wants it broadcast.
    /// </summary>
    private void RelayDhcp(ActionNode.DhcpRelay relay, Packet packet, TraceNode into)
    {
        if (relay.Kind == ActionKind.DhcpRelayReqChk)
        {
            into.Add(TraceNodeKind.Error, "/* We assume that this packet is DHCPDISCOVER or DHCPREQUEST. */");
        }
        else
        {
            into.Add(
                TraceNodeKind.Error,
                "/* We assume that this packet is DHCPOFFER or DHCPACK and DHCP broadcast flag is set. Dest IP is set to broadcast. Dest MAC is set to broadcast but in real "
                + "network this is unicast which is extracted from DHCP header. */");
            packet[_fields.Ip4Destination] = uint.MaxValue;
            packet[_fields.EthDestination] = EthernetBroadcast;
        }

        packet[relay.Destination] = 1;
    }

    /// <summary>The answer depends on the payload; it is taken to be a proper request.</summary>
    private void PutOptions(ActionNode.PutOptions put, Place place, Packet packet, TraceNode into)
    {
        if (put.Kind != ActionKind.PutNdRaOpts)
        {
            into.Add(TraceNodeKind.Error, "/* We assume that this packet is DHCPDISCOVER or DHCPREQUEST. */");
        }

        var text = Text([put], place);
        into.Add(TraceNodeKind.Edit, text[(text.IndexOf(" = ", StringComparison.Ordinal) + 3)..^1]);
        packet[put.Destination] = 1;
    }
}
