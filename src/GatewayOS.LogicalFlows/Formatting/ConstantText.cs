using System.Diagnostics;
using System.Globalization;
using System.Text;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Constants in the form they were written in, or in hexadecimal when bits lie outside of what the form can show.</summary>
internal static class ConstantText
{
    public static StringBuilder AppendConstant(this StringBuilder output, Constant constant)
    {
        var format = constant.Value >> BitsOf(constant.Format) == 0 && (constant.Mask ?? 0) >> BitsOf(constant.Format) == 0
            || constant.Format is ConstantFormat.Ipv6 or ConstantFormat.Hex
            ? constant.Format
            : ConstantFormat.Hex;
        AppendValue(output, constant.Value, format);
        if (constant.Mask is not { } mask)
        {
            return output;
        }

        output.Append('/');
        var prefixLength = format is ConstantFormat.Ipv4 or ConstantFormat.Ipv6
            ? PrefixLength(mask, format == ConstantFormat.Ipv4 ? 32 : 128)
            : null;
        return prefixLength is { } length ? output.Append(length) : AppendValue(output, mask, format);
    }

    private static StringBuilder AppendValue(StringBuilder output, UInt128 value, ConstantFormat format) => format switch
    {
        ConstantFormat.Dec => output.Append(CultureInfo.InvariantCulture, $"{(ulong)value}"),
        ConstantFormat.Hex => output.AppendHex(value),
        ConstantFormat.Ipv4 => output.Append(IpAddress.FormatV4((uint)value)),
        ConstantFormat.Ipv6 => output.Append(IpAddress.FormatV6(value)),
        ConstantFormat.Ethernet => output.Append(new MacAddress((ulong)value).ToString()),
        _ => throw new UnreachableException(),
    };

    // 127 stands for "never out of range": a shift by 128 would be a shift by 0.
    private static int BitsOf(ConstantFormat format) => format switch
    {
        ConstantFormat.Dec => 64,
        ConstantFormat.Ipv4 => 32,
        ConstantFormat.Ethernet => 48,
        ConstantFormat.Hex or ConstantFormat.Ipv6 => 127,
        _ => throw new UnreachableException(),
    };

    private static int? PrefixLength(UInt128 mask, int width)
    {
        var host = ~mask & (UInt128.MaxValue >> (128 - width));
        return (host & (host + 1)) == 0 ? width - (int)UInt128.PopCount(host) : null;
    }
}
