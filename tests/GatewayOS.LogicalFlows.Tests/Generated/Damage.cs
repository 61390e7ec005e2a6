using GatewayOS.Testing;

namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>Breaks a text in one place: something is left out, put in, or put in place of something; or breaks nothing but its spaces.</summary>
internal static class Damage
{
    private const int Longest = 6;

    private static readonly string[] s_pieces =
    [
        "(", ")", "{", "}", "[", "]", "==", "!=", "<", "<=", "&&", "||", "&", "|", "!", "..", ".", ",", ";", "=", "-", "--", "<->", ":", "::",
        "1", "0x1", "0x", "4294967296", "1.2.3.4", "1.2.3.4/33", "::1", "::/64", "00:00:00:00:00:01", "\"s\"", "\"", "\\u12", "ip4", "reg0", "inport", "ct.new",
        "$set1", "@pg1", "$", "@", "/* c */", "/*", "// x ", "é", "", "", " ",
    ];

    public static string Of(string text, Dice dice)
    {
        var at = dice.Below(text.Length + 1);
        var length = dice.Below(Longest + 1);
        return text[..at] + dice.Pick(s_pieces) + text[Math.Min(text.Length, at + (dice.Percent(50) ? 0 : length))..];
    }
}
