using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>One action of a logical flow. A flow's actions are a list of these; an empty list is <c>drop;</c>.</summary>
/// <remarks>
/// Cases are shapes of arguments; several actions share a shape and differ in <see cref="Kind"/>, as OVN's ovnact structures
/// do. Actions that go to "the next table" (ct_next, ct_commit..., ct_lb..., select) mean the flow's own table plus one
/// in the same pipeline. Semantics: ovn-sb(5), Logical_Flow, actions.
/// </remarks>
public abstract record ActionNode
{
    private ActionNode(ActionKind kind) => Kind = kind;

    public ActionKind Kind { get; }

    /// <summary>
    /// No arguments: Output, DecrementTtl, CtClear, CtSnatToVip, Igmp, HandleDhcpv6Reply, HandleBfdMsg, MacCacheUse, FloodRemote.
    /// </summary>
    public sealed record Simple(ActionKind Kind) : ActionNode(Kind);

    public sealed record Next(Pipeline Pipeline, int Table) : ActionNode(ActionKind.Next);

    /// <summary><c>destination = constant</c>; a masked constant sets only the bits of its mask. Kind is Load or ControllerFieldLoad.</summary>
    public sealed record Load(FieldSlice Destination, Constant Value)
        : ActionNode(Destination.Field.IsControllerField ? ActionKind.ControllerFieldLoad : ActionKind.Load);

    /// <summary><c>outport = "name"</c>.</summary>
    public sealed record LoadString(FieldSlice Destination, string Value) : ActionNode(ActionKind.Load);

    /// <summary><c>destination = source</c>, equally wide; both may be string fields.</summary>
    public sealed record Move(FieldSlice Destination, FieldSlice Source) : ActionNode(ActionKind.Move);

    public sealed record Exchange(FieldSlice Left, FieldSlice Right) : ActionNode(ActionKind.Exchange);

    public sealed record Push(FieldSlice Source) : ActionNode(ActionKind.Push);

    public sealed record Pop(FieldSlice Destination) : ActionNode(ActionKind.Pop);

    /// <summary>
    /// <c>verb { actions }</c>: CtCommit (loads and moves into ct_mark and ct_label), Clone, Arp, Icmp4, Icmp4Error, Icmp6,
    /// Icmp6Error, TcpReset, SctpAbort, NdNa, NdNaRouter, NdNs, Reject.
    /// </summary>
    public sealed record Nested(ActionKind Kind, EquatableArray<ActionNode> Actions) : ActionNode(Kind);

    /// <summary>CtNext, CtCommitNat or CtCommitToZone.</summary>
    public sealed record CtZone(ActionKind Kind, NatZone Zone) : ActionNode(Kind);

    /// <summary>The obsolete <c>ct_commit(ct_mark=value/mask, ct_label=value/mask)</c>; a mask of 0 leaves the old value.</summary>
    public sealed record CtCommitLegacy(uint Mark, uint MarkMask, UInt128 Label, UInt128 LabelMask) : ActionNode(ActionKind.CtCommitLegacy);

    /// <summary>CtDnat, CtSnat, CtDnatInCommonZone, CtSnatInCommonZone: with a target a new translation is committed, without one an existing one is applied.</summary>
    public sealed record CtNat(ActionKind Kind, NatTarget? Target) : ActionNode(Kind);

    /// <summary>
    /// CtLb, CtLbMark, CtLbMarkLocal: without backends the translation of an established connection is applied.
    /// <paramref name="HashFields"/>: comma separated, as written, or null.
    /// </summary>
    public sealed record CtLoadBalance(ActionKind Kind, EquatableArray<LoadBalancerBackend> Backends, string? HashFields, SnatMark Flag)
        : ActionNode(Kind);

    /// <summary><c>destination = select(...)</c>: at least two members.</summary>
    public sealed record Select(FieldSlice Destination, EquatableArray<SelectMember> Members, string? HashFields) : ActionNode(ActionKind.Select);

    /// <summary>
    /// <c>destination = verb()</c>: DnsLookup, ChkLbHairpin, ChkLbHairpinReply, CheckInPortSec, CheckOutPortSec, ChkEcmpNhMac, ChkEcmpNh,
    /// ChkLbAff (1 bit); CtNwDst (32), CtIp6Dst (128), CtTpDst (16), CtProto, CtStateSave (8).
    /// </summary>
    public sealed record Result(ActionKind Kind, FieldSlice Destination) : ActionNode(Kind);

    /// <summary>GetArp, GetNd: eth.dst becomes the neighbour's address, 0 when not known.</summary>
    public sealed record GetBinding(ActionKind Kind, FieldSlice Port, FieldSlice Ip) : ActionNode(Kind);

    /// <summary>PutArp, PutNd.</summary>
    public sealed record PutBinding(ActionKind Kind, FieldSlice Port, FieldSlice Ip, FieldSlice Mac) : ActionNode(Kind);

    /// <summary>LookupArp, LookupNd: destination = is (port, ip, mac) known.</summary>
    public sealed record LookupBinding(ActionKind Kind, FieldSlice Destination, FieldSlice Port, FieldSlice Ip, FieldSlice Mac) : ActionNode(Kind);

    /// <summary>LookupArpIp, LookupNdIp: destination = is (port, ip) known with any address.</summary>
    public sealed record LookupBindingIp(ActionKind Kind, FieldSlice Destination, FieldSlice Port, FieldSlice Ip) : ActionNode(Kind);

    public sealed record PutFdb(FieldSlice Port, FieldSlice Mac) : ActionNode(ActionKind.PutFdb);

    /// <summary>GetFdb, GetRemoteFdb: destination (a port field, or 32 bits) = port of the address.</summary>
    public sealed record GetFdb(ActionKind Kind, FieldSlice Destination, FieldSlice Mac) : ActionNode(Kind);

    public sealed record LookupFdb(FieldSlice Destination, FieldSlice Port, FieldSlice Mac) : ActionNode(ActionKind.LookupFdb);

    public sealed record ChkEvpnArp(FieldSlice Destination, FieldSlice Ip) : ActionNode(ActionKind.ChkEvpnArp);

    /// <summary>PutDhcpOpts, PutDhcpv6Opts, PutNdRaOpts.</summary>
    public sealed record PutOptions(ActionKind Kind, FieldSlice Destination, EquatableArray<ActionOption> Options) : ActionNode(Kind);

    /// <summary>DhcpRelayReqChk, DhcpRelayRespChk.</summary>
    public sealed record DhcpRelay(ActionKind Kind, FieldSlice Destination, IpAddress Relay, IpAddress Server) : ActionNode(Kind);

    public sealed record SetQueueId(int Queue) : ActionNode(ActionKind.SetQueue);

    public sealed record Log(string? Name, LogVerdict Verdict, LogSeverity Severity, string? Meter) : ActionNode(ActionKind.Log);

    /// <summary>Rates in kbit/s; burst 0 when not given.</summary>
    public sealed record SetMeter(ulong Rate, ulong Burst) : ActionNode(ActionKind.SetMeter);

    /// <summary>destination = is the packet, from its L3 header on, longer than <paramref name="Length"/> bytes.</summary>
    public sealed record CheckPktLarger(FieldSlice Destination, int Length) : ActionNode(ActionKind.CheckPktLarger);

    /// <summary>The only event so far is <c>empty_lb_backends</c>.</summary>
    public sealed record TriggerEvent(string Event, EquatableArray<ActionOption> Options) : ActionNode(ActionKind.TriggerEvent);

    public sealed record BindVport(string VirtualPort, FieldSlice Parent) : ActionNode(ActionKind.BindVport);

    public sealed record HandleSvcCheck(FieldSlice Port) : ActionNode(ActionKind.HandleSvcCheck);

    public sealed record FwdGroup(bool Liveness, EquatableArray<string> ChildPorts) : ActionNode(ActionKind.FwdGroup);

    public sealed record CommitEcmpNh(bool IsIpv6, IpProtocol Protocol) : ActionNode(ActionKind.CommitEcmpNh);

    /// <summary>Timeout in seconds; <paramref name="Protocol"/> is null when the virtual address has no port.</summary>
    public sealed record CommitLbAff(IpAddress Vip, ushort VipPort, IpAddress Backend, ushort BackendPort, IpProtocol? Protocol, ushort Timeout)
        : ActionNode(ActionKind.CommitLbAff);

    /// <summary>Probability in 65535ths; the observation point is the flow's cookie, a 32-bit field, or a number.</summary>
    public sealed record Sample(ushort Probability, uint CollectorSet, byte ObservationDomain, bool UseCookie, FieldSlice? PointField, uint Point)
        : ActionNode(ActionKind.Sample);

    /// <summary>A copy of the packet goes to the port that serves a mirror.</summary>
    public sealed record Mirror(string Port) : ActionNode(ActionKind.Mirror);
}
