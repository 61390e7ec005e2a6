using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace GatewayOS.Core;

/// <summary>An IPv4 or IPv6 address. An IPv4 address is in the low 32 bits of <paramref name="Value"/>.</summary>
/// <remarks>Text forms are those of inet_pton(3) and inet_ntop(3), which OVN and OVS use everywhere.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IpAddress(UInt128 Value, bool IsIpv6)
{
    public static IpAddress V4(uint value) => new(value, IsIpv6: false);

    public static IpAddress V6(UInt128 value) => new(value, IsIpv6: true);

    /// <summary>Bits of the family: 32 or 128.</summary>
    public int Width => IsIpv6 ? 128 : 32;

    /// <summary>Reads either family.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        if (TryParseV4(text, out var v4))
        {
            address = V4(v4);
            return true;
        }

        var ok = TryParseV6(text, out var v6);
        address = V6(v6);
        return ok;
    }

    /// <summary>Reads exactly four decimal numbers without leading zeros.</summary>
    public static bool TryParseV4(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        var (octets, octet, digits) = (0, 0, 0);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                if (digits > 0 && octet == 0)
                {
                    return false;
                }

                octet = octet * 10 + (c - '0');
                digits++;
                if (octet > 255)
                {
                    return false;
                }
            }
            else if (c == '.' && digits > 0 && octets < 3)
            {
                value = value << 8 | (uint)octet;
                octets++;
                (octet, digits) = (0, 0);
            }
            else
            {
                return false;
            }
        }

        value = value << 8 | (uint)octet;
        return octets == 3 && digits > 0;
    }

    /// <summary>Reads groups of up to four hexadecimal digits, at most one <c>::</c>, and a dotted quad at the end.</summary>
    public static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = 0;
        UInt128 head = 0;
        var (groups, gapAt, position) = (0, -1, 0);
        if (text.StartsWith("::"))
        {
            (gapAt, position) = (0, 2);
        }
        else if (text.StartsWith(":"))
        {
            return false;
        }

        while (position < text.Length)
        {
            var rest = text[position..];
            var length = rest.IndexOf(':');
            var group = length < 0 ? rest : rest[..length];
            if (length < 0 && group.Contains('.'))
            {
                if (!TryParseV4(group, out var quad) || groups > 6)
                {
                    return false;
                }

                head = head << 32 | quad;
                groups += 2;
                position = text.Length;
                break;
            }

            if (group.Length is 0 or > 4 || groups == 8
                || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
            {
                return false;
            }

            head = head << 16 | bits;
            groups++;
            position += group.Length;
            if (length < 0)
            {
                break;
            }

            position++;
            if (position == text.Length)
            {
                return false;
            }

            if (text[position] == ':')
            {
                if (gapAt >= 0)
                {
                    return false;
                }

                gapAt = groups;
                position++;
            }
        }

        if (gapAt < 0)
        {
            value = head;
            return groups == 8;
        }

        if (groups >= 8)
        {
            return false;
        }

        var tailBits = (groups - gapAt) * 16;
        var tail = tailBits == 0 ? UInt128.Zero : head & (UInt128.MaxValue >> (128 - tailBits));
        var front = gapAt == 0 ? UInt128.Zero : head >> tailBits << (128 - gapAt * 16);
        value = front | tail;
        return true;
    }

    public override string ToString() => IsIpv6 ? FormatV6(Value) : FormatV4((uint)Value);

    public static string FormatV4(uint value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value >> 24}.{value >> 16 & 0xff}.{value >> 8 & 0xff}.{value & 0xff}");

    /// <summary>Writes the longest run of zero groups (two or more, the first of equals) as <c>::</c>, and embedded IPv4 addresses dotted.</summary>
    public static string FormatV6(UInt128 value)
    {
        var (runStart, runLength) = LongestZeroRun(value);
        var text = new StringBuilder(39);
        for (var i = 0; i < 8; i++)
        {
            if (i >= runStart && i < runStart + runLength)
            {
                if (i == runStart)
                {
                    text.Append(':');
                }

                continue;
            }

            if (i > 0)
            {
                text.Append(':');
            }

            // inet_ntop writes ::a.b.c.d and ::ffff:a.b.c.d, as glibc does.
            if (i == 6 && runStart == 0 && (runLength == 6 || (runLength == 5 && Group(value, 5) == 0xffff)))
            {
                return text.Append(FormatV4((uint)value)).ToString();
            }

            text.Append(CultureInfo.InvariantCulture, $"{Group(value, i):x}");
        }

        if (runStart + runLength == 8)
        {
            text.Append(':');
        }

        return text.ToString();
    }

    private static (int Start, int Length) LongestZeroRun(UInt128 value)
    {
        var (bestStart, bestLength, length) = (-1, 0, 0);
        for (var i = 0; i < 8; i++)
        {
            length = Group(value, i) == 0 ? length + 1 : 0;
            if (length > bestLength)
            {
                (bestStart, bestLength) = (i - length + 1, length);
            }
        }

        return bestLength < 2 ? (9, 0) : (bestStart, bestLength);
    }

    private static ushort Group(UInt128 value, int index) => (ushort)(value >> (112 - index * 16));
}
