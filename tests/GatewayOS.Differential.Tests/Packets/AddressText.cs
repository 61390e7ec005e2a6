using System.Globalization;
using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>Finds addresses and numbers in the text of logical flows.</summary>
internal static class AddressText
{
    /// <summary>Addresses with their prefix length, in order of appearance.</summary>
    public static IEnumerable<(IpAddress Address, int Length)> Prefixes(string text) =>
        from word in Words(text, ".:/")
        let slash = word.IndexOf('/', StringComparison.Ordinal)
        let address = slash < 0 ? word : word[..slash]
        where address.Count(c => c == '.') == 3 || address.Contains(':', StringComparison.Ordinal)
        let parsed = IpAddress.TryParse(address, out var value) ? value : (IpAddress?)null
        where parsed is not null
        let length = slash >= 0 && int.TryParse(word[(slash + 1)..], CultureInfo.InvariantCulture, out var given) ? given : parsed.Value.Width
        where length <= parsed.Value.Width
        select (parsed.Value, length);

    public static IEnumerable<MacAddress> Macs(string text) =>
        Words(text, ":").Where(word => MacAddress.TryParse(word, out _)).Select(MacAddress.Parse);

    /// <summary>Decimal numbers of 16 bits.</summary>
    public static IEnumerable<ushort> Numbers(string text) =>
        Words(text, "").Where(word => ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(word => ushort.Parse(word, CultureInfo.InvariantCulture));

    private static IEnumerable<string> Words(string text, string further)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && (char.IsAsciiHexDigit(text[i]) || further.Contains(text[i], StringComparison.Ordinal));
            if (inside && start < 0)
            {
                start = i;
            }
            else if (!inside && start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }
}
