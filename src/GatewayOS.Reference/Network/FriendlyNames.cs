using System.Text;
using System.Text.Encodings.Web;

namespace GatewayOS.Reference.Network;

/// <summary>Names as ovn-trace shows them: what people called a port, not its UUID.</summary>
internal static class FriendlyNames
{
    private const int UuidLength = 36;
    private const int ShortLength = 6;

    /// <summary>Cuts a UUID at the end down to its first six digits.</summary>
    public static string Shorten(string name) =>
        name.Length >= UuidLength && Guid.TryParseExact(name.AsSpan(name.Length - UuidLength), "D", out _)
            ? name[..^(UuidLength - ShortLength)]
            : name;

    /// <summary>Replaces the quoted names of ports in a piece of flow text.</summary>
    public static string Replace(string text, Func<string, string?> friendly)
    {
        var output = new StringBuilder(text.Length);
        var position = 0;
        while (text.IndexOf('"', position) is >= 0 and var start && text.IndexOf('"', start + 1) is >= 0 and var end)
        {
            output.Append(text, position, start - position);
            output.Append(friendly(text[(start + 1)..end]) is { } name ? $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\"" : text[start..(end + 1)]);
            position = end + 1;
        }

        return output.Append(text, position, text.Length - position).ToString();
    }
}
