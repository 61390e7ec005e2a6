using System.Globalization;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Evaluation;

/// <summary>Values of fields as OVS writes them (ovs-fields(7)).</summary>
internal static class ValueText
{
    /// <summary>A whole field in its own form; a part of one in hexadecimal.</summary>
    public static string Of(StorageBits bits, UInt128 value) =>
        bits.Width != bits.Root.Width ? Hex(value) : Of(bits.Root.Name, value);

    public static string Hex(UInt128 value) => value == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static string Of(string field, UInt128 value) => field switch
    {
        "eth.src" or "eth.dst" or "arp.sha" or "arp.tha" or "nd.sll" or "nd.tll" => new MacAddress((ulong)value).ToString(),
        "ip4.src" or "ip4.dst" or "arp.spa" or "arp.tpa" => IpAddress.FormatV4((uint)value),
        "ip6.src" or "ip6.dst" or "nd.target" => IpAddress.FormatV6(value),
        _ when field[0] == 'x' || field is "flags" or "ct_mark" or "ct_label" or "pkt.mark" or "vlan.tci" or "eth.type" or "ip6.label" => Hex(value),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
