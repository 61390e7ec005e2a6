using System.Text;

namespace GatewayOS.LogicalFlows;

/// <summary>Strings in quotes, with JSON's escapes.</summary>
internal static class QuotedText
{
    public static StringBuilder AppendQuoted(this StringBuilder output, string text)
    {
        output.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append(@"\\"),
                '\b' => output.Append("\\b"),
                '\f' => output.Append("\\f"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                < ' ' => output.Append("\\u00").Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture)),
                _ => output.Append(c),
            };
        }

        return output.Append('"');
    }
}
