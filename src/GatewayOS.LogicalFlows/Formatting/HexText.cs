using System.Text;

namespace GatewayOS.LogicalFlows;

/// <summary>Numbers as OVN writes them by default: <c>0x</c> and lower case digits without leading zeros; 0 is just <c>0</c>.</summary>
internal static class HexText
{
    public static StringBuilder AppendHex(this StringBuilder output, UInt128 value)
    {
        if (value == 0)
        {
            return output.Append('0');
        }

        output.Append("0x");
        var digits = (131 - (int)UInt128.LeadingZeroCount(value)) / 4;
        for (var i = digits - 1; i >= 0; i--)
        {
            output.Append("0123456789abcdef"[(int)(value >> (i * 4) & 0xf)]);
        }

        return output;
    }
}
