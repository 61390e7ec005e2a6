using System.Diagnostics;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Evaluation;

/// <summary>
/// Actions with actions of their own, which another packet goes through: a copy, or one that ovn-controller makes from the present one (ovn-sb(5);
/// field by field as OVN's pinctrl.c).
/// </summary>
internal sealed partial class Evaluator
{
    private const int Unreachable4 = 3;
    private const int Unreachable6 = 1;
    private const int HostUnreachable = 1;
    private const int PortUnreachable4 = 3;
    private const int PortUnreachable6 = 4;
    private const int ResetFlag = 4;
    private const int FullHopLimit = 255;
    private const int Solicitation = 135;
    private const int Advertisement = 136;

    private void RunNested(ActionNode.Nested action, Place place, Packet packet, TraceNode into)
    {
        switch (action.Kind)
        {
            case ActionKind.CtCommit:
                break;
            case ActionKind.Clone:
                Continue("clone", action, place, packet.Clone(), into);
                break;
            case ActionKind.Arp:
                Continue("arp", action, place, ArpRequest(packet), into);
                break;
            case ActionKind.NdNa or ActionKind.NdNaRouter:
                Continue("nd_na", action, place, AdvertisementFor(packet), into);
                break;
            case ActionKind.NdNs:
                Continue("nd_ns", action, place, SolicitationFor(packet), into);
                break;
            case ActionKind.Icmp4 or ActionKind.Icmp4Error:
                Continue("icmp4", action, place, Icmp4Error(packet, HostUnreachable), into);
                break;
            case ActionKind.Icmp6 or ActionKind.Icmp6Error:
                Continue("icmp6", action, place, Icmp6Error(packet, HostUnreachable), into);
                break;
            case ActionKind.TcpReset:
                Continue("tcp_reset", action, place, Reset(packet), into);
                break;
            case ActionKind.SctpAbort:
                Continue("sctp_abort", action, place, Abort(packet), into);
                break;
            case ActionKind.Reject:
                Reject(action, place, packet, into);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Continue(string title, ActionNode.Nested action, Place place, Packet packet, TraceNode into) =>
        RunActions(action.Actions, place, packet, into.Add(TraceNodeKind.Transformation, title));

    /// <summary><c>reject</c>: the answer that fits the protocol, on its way back.</summary>
    private void Reject(ActionNode.Nested action, Place place, Packet packet, TraceNode into)
    {
        var protocol = (byte)packet[_fields.Protocol];
        if (Has(OvnTraceLimits.NoRejectOfErrors) && IsError(packet, protocol))
        {
            return;
        }

        var back = packet.Clone();
        Turn(back);
        var isPort = protocol == IpProtocols.Udp && !Has(OvnTraceLimits.RejectIsHostUnreachable);
        switch (protocol)
        {
            case IpProtocols.Tcp:
                Continue("tcp_reset", action, place, Reset(back), into);
                break;
            case IpProtocols.Sctp:
                Continue("sctp_abort", action, place, Abort(back), into);
                break;
            default:
                var (title, answer) = _fields.IsIp4(packet)
                    ? ("icmp4", Icmp4Error(back, isPort ? PortUnreachable4 : HostUnreachable))
                    : ("icmp6", Icmp6Error(back, isPort ? PortUnreachable6 : HostUnreachable));
                Continue(title, action, place, answer, into);
                break;
        }
    }

    private bool IsError(Packet packet, byte protocol)
    {
        if (protocol is IpProtocols.Tcp or IpProtocols.Sctp)
        {
            return packet[_fields.TcpFlags] == ResetFlag;
        }

        var isIp4 = _fields.IsIp4(packet);
        var first = _fields.TransportPort(packet, isDestination: false) ?? (isIp4 ? _fields.Icmp4Type : _fields.Icmp6Type);
        return packet[first] == (UInt128)(isIp4 ? Unreachable4 : Unreachable6);
    }

    private void Turn(Packet packet)
    {
        Swap(packet, _fields.EthSource, _fields.EthDestination);
        Swap(packet, _fields.Ip4Source, _fields.Ip4Destination);
        Swap(packet, _fields.Ip6Source, _fields.Ip6Destination);
    }

    private static void Swap(Packet packet, StorageBits left, StorageBits right) => (packet[left], packet[right]) = (packet[right], packet[left]);

    /// <summary><c>arp</c>: a request for ip4.dst, from ip4.src and eth.src.</summary>
    private Packet ArpRequest(Packet packet)
    {
        var request = packet.Clone();
        _fields.ClearAboveLink(request);
        request[_fields.EthType] = EtherTypes.Arp;
        request[_fields.ArpOperation] = 1;
        request[_fields.ArpSenderMac] = packet[_fields.EthSource];
        request[_fields.ArpSenderIp] = packet[_fields.Ip4Source];
        request[_fields.ArpTargetIp] = packet[_fields.Ip4Destination];
        return request;
    }

    /// <summary><c>nd_na</c>: the answer to the solicitation that the packet is.</summary>
    private Packet AdvertisementFor(Packet packet)
    {
        var answer = packet.Clone();
        answer[_fields.EthSource] = packet[_fields.EthDestination];
        answer[_fields.EthDestination] = packet[_fields.EthSource];
        answer[_fields.Ip6Source] = packet[_fields.NeighborTarget];
        answer[_fields.Ip6Destination] = packet[_fields.Ip6Source];
        answer[_fields.Icmp6Type] = Advertisement;
        answer[_fields.SolicitationMac] = 0;
        answer[_fields.AdvertisementMac] = packet[_fields.EthDestination];
        return answer;
    }

    /// <summary><c>nd_ns</c>: a solicitation of ip6.dst, sent to its solicited-node address (RFC 4861, 4.3).</summary>
    private Packet SolicitationFor(Packet packet)
    {
        var request = packet.Clone();
        var node = packet[_fields.Ip6Destination] & 0xffffff;
        if (Has(OvnTraceLimits.SolicitationKeepsHeaders))
        {
            request[_fields.TransportPort(packet, isDestination: false) ?? _fields.Icmp6Type] = Solicitation;
            request[_fields.AdvertisementMac] = packet[_fields.EthDestination];
        }
        else
        {
            _fields.ClearAboveLink(request);
            request[_fields.Protocol] = IpProtocols.Icmp6;
            request[_fields.HopLimit] = FullHopLimit;
            request[_fields.Ip6Source] = PortSecurityEntry.LinkLocalOf(new MacAddress((ulong)packet[_fields.EthSource])).Value;
            request[_fields.Ip6Destination] = (UInt128)0xff02 << 112 | (UInt128)1 << 32 | 0xff000000 | node;
            request[_fields.Icmp6Type] = Solicitation;
            request[_fields.NeighborTarget] = packet[_fields.Ip6Destination];
        }

        request[_fields.SolicitationMac] = Has(OvnTraceLimits.SolicitationKeepsHeaders) ? 0 : packet[_fields.EthSource];
        request[_fields.EthDestination] = 0x3333ff000000 | node;
        return request;
    }

    private Packet Icmp4Error(Packet packet, int code)
    {
        var error = packet.Clone();
        error[_fields.Protocol] = IpProtocols.Icmp;
        error[_fields.HopLimit] = FullHopLimit;
        error[_fields.Icmp4Type] = Unreachable4;
        error[_fields.Icmp4Code] = (UInt128)code;
        return error;
    }

    private Packet Icmp6Error(Packet packet, int code)
    {
        var error = packet.Clone();
        error[_fields.Protocol] = IpProtocols.Icmp6;
        error[_fields.HopLimit] = FullHopLimit;
        error[_fields.Icmp6Type] = Unreachable6;
        error[_fields.Icmp6Code] = (UInt128)code;
        return error;
    }

    // The ports stay as they are; flows that use it exchange them.
    private Packet Reset(Packet packet)
    {
        var reset = packet.Clone();
        reset[_fields.Protocol] = IpProtocols.Tcp;
        reset[_fields.HopLimit] = FullHopLimit;
        reset[_fields.TcpFlags] = ResetFlag;
        return reset;
    }

    private Packet Abort(Packet packet)
    {
        var abort = packet.Clone();
        abort[_fields.Protocol] = _fields.IsIp6(packet) && Has(OvnTraceLimits.Ipv6AbortIsTcp) ? IpProtocols.Tcp : IpProtocols.Sctp;
        abort[_fields.HopLimit] = FullHopLimit;
        return abort;
    }
}
