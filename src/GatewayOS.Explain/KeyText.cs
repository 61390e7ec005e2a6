using System.Globalization;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>Writes keys and matches as people read them: addresses as addresses, numbers as numbers.</summary>
internal static class KeyText
{
    public static string Of(string table, IEnumerable<FieldMatch> matches) =>
        string.Join(' ', matches.Select(match => $"{match.Field}={Of(match, WidthOf(table, match.Field))}"));

    private static string Of(FieldMatch match, int width) => match switch
    {
        FieldMatch.Exact exact => Value(match.Field, exact.Value, width),
        FieldMatch.Lpm lpm => Prefix(match.Field, lpm.Value, lpm.PrefixLength, width),
        FieldMatch.Ternary ternary when PrefixLength(ternary.Mask, width) is { } length => Prefix(match.Field, ternary.Value, length, width),
        FieldMatch.Ternary ternary => string.Create(CultureInfo.InvariantCulture, $"0x{ternary.Value:x}/0x{ternary.Mask:x}"),
        _ => match.ToString(),
    };

    public static string Value(string field, UInt128 value, int width) => field switch
    {
        KeyNames.EthSrc or KeyNames.EthDst or KeyNames.OuterEthDst => new MacAddress((ulong)value).ToString(),
        KeyNames.Src or KeyNames.Dst or KeyNames.OuterSrc or KeyNames.OuterDst or KeyNames.Address => new IpAddress(value, width == 128).ToString(),
        KeyNames.State or KeyNames.Space or KeyNames.TcpFlags or KeyNames.SrcClass or KeyNames.DstClass =>
            string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"),
        KeyNames.Class => (uint)value switch { 1 => "ipv4", 2 => "ipv6", 3 => "arp", 5 => "ipv4-multicast", 6 => "ipv6-multicast", 7 => "arp-broadcast", _ => "software" },
        KeyNames.TunnelType => (uint)value switch { 1 => "geneve", 2 => "vxlan", _ => "none" },
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Prefix(string field, UInt128 value, int length, int width) =>
        length == width ? Value(field, value, width) : string.Create(CultureInfo.InvariantCulture, $"{Value(field, value, width)}/{length}");

    private static int? PrefixLength(UInt128 mask, int width)
    {
        var length = (int)UInt128.PopCount(mask);
        return mask == (UInt128.MaxValue >> (128 - width) & ~(length == width ? 0 : UInt128.MaxValue >> (128 - width + length))) ? length : null;
    }

    private static int WidthOf(string table, string field) => Pipeline.TablesByName[table].Keys.First(key => key.Name == field).Width;
}
