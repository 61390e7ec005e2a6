using System.Globalization;
using System.Runtime.CompilerServices;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>Writes an action of the pipeline (p4/README.md): where it leads, and apart from that what it changes.</summary>
internal static class ActionText
{
    // The bits of `rewrite`.
    private const int RewriteSource = 1, RewriteDestination = 2, RewriteL4Source = 4, RewriteL4Destination = 8;

    public static string Of(ActionCall call) => call.Name switch
    {
        ActionNames.Enter => Text($"enter state {Hex(call, ParameterNames.State)}"),
        ActionNames.Go or ActionNames.GoEdit or ActionNames.GoSrc4 or ActionNames.GoDst4 or ActionNames.GoSrc6 or ActionNames.GoDst6
            or ActionNames.Turn or ActionNames.TurnEth or ActionNames.Answer =>
            Text($"go to state {Hex(call, ParameterNames.Next)}"),
        ActionNames.Forward or ActionNames.ForwardEdit or ActionNames.Finish4 or ActionNames.Finish6 => Text($"forward by output {call[ParameterNames.Out]}"),
        ActionNames.Deny => "drop",
        ActionNames.Track or ActionNames.TrackEdit => Text($"a connection decides, in state {Hex(call, ParameterNames.Next)}"),
        ActionNames.Punt => "leave it to OVS",
        ActionNames.KnownPeer => call[ParameterNames.InKey] is var number && number == 0 ? "a known tunnel peer" : Text($"a known tunnel peer, {number}"),
        ActionNames.SetConnection => Text($"connection {call[ParameterNames.Index]}"),
        ActionNames.SetSrcClass => Text($"source in the sets {Hex(call, ParameterNames.Bits)}"),
        ActionNames.SetDstClass => Text($"destination in the sets {Hex(call, ParameterNames.Bits)}"),
        ActionNames.Unicast => Text($"device port {call[ParameterNames.Port]}, at most {call[ParameterNames.MaxLen]} octets"),
        ActionNames.Group => Text($"multicast group {call[ParameterNames.McastGroup]}, at most {call[ParameterNames.MaxLen]} octets"),
        ActionNames.Discard => Text($"drop, at most {call[ParameterNames.MaxLen]} octets"),
        ActionNames.Plain => "as it is",
        ActionNames.Vlan => "with a VLAN tag",
        ActionNames.Geneve => "by Geneve",
        ActionNames.Vxlan => "by VXLAN",
        ActionNames.Outer4 => "outer headers",
        _ => call.ToString(),
    };

    public static IReadOnlyList<string> Edits(ActionCall call) => [.. Headers(call), .. Addresses(call), .. Wrapping(call)];

    private static IEnumerable<string> Headers(ActionCall call)
    {
        if (!call.Arguments.Any(argument => argument.Name == ParameterNames.Edits))
        {
            yield break;
        }

        var mask = (int)call[ParameterNames.Edits];
        if ((mask & HeaderEdits.EthSrcBit) != 0)
        {
            yield return $"eth.src = {Mac(call, ParameterNames.EthSrc)}";
        }

        if ((mask & HeaderEdits.EthDstBit) != 0)
        {
            yield return $"eth.dst = {Mac(call, ParameterNames.EthDst)}";
        }

        if ((mask & HeaderEdits.TtlBit) != 0)
        {
            yield return Text($"ip.ttl -= {call[ParameterNames.TtlDec]}");
        }

        if ((mask & HeaderEdits.DscpBit) != 0)
        {
            yield return Text($"ip.dscp = {call[ParameterNames.Dscp]}");
        }

        foreach (var parameter in (string[])[ParameterNames.Meter, ParameterNames.Meter2])
        {
            if (call[parameter] is var number && number != 0)
            {
                yield return Text($"counts at meter {number}");
            }
        }
    }

    private static IEnumerable<string> Addresses(ActionCall call) => call.Name switch
    {
        ActionNames.GoSrc4 => [$"ip4.src = {Ip(call, ParameterNames.Address, isIpv6: false)}"],
        ActionNames.GoDst4 => [$"ip4.dst = {Ip(call, ParameterNames.Address, isIpv6: false)}"],
        ActionNames.GoSrc6 => [$"ip6.src = {Ip(call, ParameterNames.Address, isIpv6: true)}"],
        ActionNames.GoDst6 => [$"ip6.dst = {Ip(call, ParameterNames.Address, isIpv6: true)}"],
        ActionNames.Turn => ["ip.src <-> ip.dst", Text($"icmp.type = {call[ParameterNames.IcmpType]}"), Text($"ip.ttl = {call[ParameterNames.Ttl]}")],
        ActionNames.TurnEth => ["eth.src <-> eth.dst"],
        ActionNames.Answer => ["arp.spa <-> arp.tpa", "arp.op = 2", "eth.dst = eth.src", $"eth.src = {Mac(call, ParameterNames.Address)}"],
        ActionNames.Finish4 => Rewrites(call, isIpv6: false),
        ActionNames.Finish6 => Rewrites(call, isIpv6: true),
        _ => [],
    };

    private static IEnumerable<string> Rewrites(ActionCall call, bool isIpv6)
    {
        var (mask, family) = ((int)call[ParameterNames.Rewrite], isIpv6 ? "ip6" : "ip4");
        return new (int Bit, string Text)[]
        {
            (RewriteSource, $"{family}.src = {Ip(call, ParameterNames.Src, isIpv6)}"),
            (RewriteDestination, $"{family}.dst = {Ip(call, ParameterNames.Dst, isIpv6)}"),
            (RewriteL4Source, Text($"source port = {call[ParameterNames.L4Src]}")),
            (RewriteL4Destination, Text($"destination port = {call[ParameterNames.L4Dst]}")),
        }.Where(edit => (mask & edit.Bit) != 0).Select(edit => edit.Text);
    }

    private static IEnumerable<string> Wrapping(ActionCall call) => call.Name switch
    {
        ActionNames.Vlan => [Text($"vlan.vid = {call[ParameterNames.Vid]}")],
        ActionNames.Geneve => [Text($"Geneve vni {call[ParameterNames.Vni]}, ports {InKey(call)} -> {call[ParameterNames.OutKey]}")],
        ActionNames.Vxlan => [Text($"VXLAN vni {call[ParameterNames.Vni]}")],
        ActionNames.Outer4 =>
        [
            $"outer eth {Mac(call, ParameterNames.EthSrc)} -> {Mac(call, ParameterNames.EthDst)}",
            $"outer ip {Ip(call, ParameterNames.Src, isIpv6: false)} -> {Ip(call, ParameterNames.Dst, isIpv6: false)}",
        ],
        _ => [],
    };

    // 0: that of the logical port by which the packet came.
    private static string InKey(ActionCall call) => call[ParameterNames.InKey] is var key && key == 0 ? "its own" : Text($"{key}");

    private static string Mac(ActionCall call, string parameter) => new MacAddress((ulong)call[parameter]).ToString();

    private static string Ip(ActionCall call, string parameter, bool isIpv6) => new IpAddress(call[parameter], isIpv6).ToString();

    private static string Hex(ActionCall call, string parameter) => Text($"0x{call[parameter]:x}");

    private static string Text(DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);
}
