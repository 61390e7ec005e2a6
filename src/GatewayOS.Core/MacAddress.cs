using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GatewayOS.Core;

/// <summary>A 48-bit IEEE 802 MAC address, the first octet in bits 47..40.</summary>
public readonly record struct MacAddress(ulong Value)
{
    public bool IsMulticast => (Value >> 40 & 1) != 0;

    /// <summary>Reads the form <c>02:00:00:00:00:01</c>, either case, and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress mac)
    {
        mac = default;
        if (text.Length != 17)
        {
            return false;
        }

        var value = 0UL;
        for (var i = 0; i < 17; i += 3)
        {
            if ((i > 0 && text[i - 1] != ':')
                || !byte.TryParse(text.Slice(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            value = value << 8 | octet;
        }

        mac = new MacAddress(value);
        return true;
    }

    /// <exception cref="FormatException">The text is no MAC address.</exception>
    public static MacAddress Parse(string text) =>
        TryParse(text, out var mac) ? mac : throw new FormatException($"'{text}' is not a MAC address such as 02:00:00:00:00:01");

    [SuppressMessage("Design", "MA0011", Justification = "The format is fixed, no culture applies.")]
    public override string ToString() => string.Join(':', Enumerable.Range(0, 6).Select(Octet));

    private string Octet(int index) => (Value >> (40 - index * 8) & 0xff).ToString("x2", CultureInfo.InvariantCulture);
}
