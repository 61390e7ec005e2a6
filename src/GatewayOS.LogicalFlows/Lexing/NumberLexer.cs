using System.Globalization;
using System.Numerics;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// Reads numbers: decimal, hexadecimal, Ethernet, IPv4 and IPv6 addresses, each with an optional mask after a slash.
/// </summary>
internal static class NumberLexer
{
    // INET6_ADDRSTRLEN, with the terminating zero.
    private const int LongestAddress = 46;

    public static Token Read(string input, int start)
    {
        var token = ReadPlain(input, start);
        return token.Kind == TokenKind.Number && Lexer.At(input, token.End) == '/' ? ReadMask(input, token) : token;
    }

    private static Token ReadMask(string input, Token token)
    {
        var mask = ReadPlain(input, token.End + 1);
        if (mask.Kind == TokenKind.Error)
        {
            return mask with { Start = token.Start };
        }

        var (value, format) = (token.Number.Value, token.Number.Format);
        var bits = mask.Number.Value;
        if (format == mask.Number.Format)
        {
            return Masked(value, format, bits);
        }

        // OVN looks at the low 32 bits of the prefix length only.
        var prefix = (uint)bits;
        return (format, mask.Number.Format) switch
        {
            (ConstantFormat.Ipv4, ConstantFormat.Dec) when prefix <= 32 =>
                Masked(value, format, (uint)(ulong.MaxValue << (32 - (int)prefix))),
            (ConstantFormat.Ipv6, ConstantFormat.Dec) when prefix <= 128 =>
                Masked(value, format, prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - (int)prefix)),
            (ConstantFormat.Dec, ConstantFormat.Hex) when value == 0 && token.Number.OverflowWidth == 0 => Masked(value, ConstantFormat.Hex, bits),
            _ => Token.Failed(token.Start, mask.End, "Value and mask have incompatible formats."),
        };

        Token Masked(UInt128 masked, ConstantFormat written, UInt128 by) =>
            new(TokenKind.MaskedNumber, token.Start, mask.End, new Constant(masked & by, written, by) { OverflowWidth = mask.Number.OverflowWidth });
    }

    private static Token ReadPlain(string input, int start)
    {
        var end = EndOf(input, start);
        var text = input.AsSpan(start, end - start);
        if (text.IsEmpty)
        {
            return Token.Failed(start, end, "Integer constant expected.");
        }

        if (text.Length == 17 && TryReadEthernet(text, out var mac))
        {
            return Number(mac, ConstantFormat.Ethernet);
        }

        if (!text.ContainsAnyExceptInRange('0', '9'))
        {
            return text[0] == '0' && text.Length > 1 ? Failed("Decimal constants must not have leading zeros.")
                : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? Number(value, ConstantFormat.Dec)
                : Failed("Decimal constants must be less than 2**64.");
        }

        if (text[0] == '0' && text[1] is 'x' or 'X')
        {
            return text.Length == 2 ? Failed($"Hex digits expected following 0{text[1]}.") : ReadHex(text[2..]);
        }

        return text.Length >= LongestAddress ? Failed("Invalid numeric constant.")
            : IpAddress.TryParseV4(text, out var v4) ? Number(v4, ConstantFormat.Ipv4)
            : IpAddress.TryParseV6(text, out var v6) ? Number(v6, ConstantFormat.Ipv6)
            : Failed("Invalid numeric constant.");

        Token Number(UInt128 value, ConstantFormat format) => new(TokenKind.Number, start, end, new Constant(value, format));

        Token Failed(string message) => Token.Failed(start, end, message);

        Token ReadHex(ReadOnlySpan<char> digits)
        {
            const int LongestHex = 256;
            UInt128 value = 0;
            var overflow = 0;
            for (var i = 0; i < digits.Length; i++)
            {
                // From the right, as OVN does: which of two mistakes is reported depends on it.
                var digit = digits[^(i + 1)];
                if (!char.IsAsciiHexDigit(digit))
                {
                    return Failed("Invalid syntax in hexadecimal constant.");
                }

                if (digit == '0')
                {
                    continue;
                }

                if (i >= LongestHex)
                {
                    return Failed($"Hexadecimal constant requires more than {LongestHex * 4} bits.");
                }

                var bits = (uint)(char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
                if (i < 32)
                {
                    value |= (UInt128)bits << (i * 4);
                }
                else
                {
                    overflow = i * 4 + 32 - BitOperations.LeadingZeroCount(bits);
                }
            }

            return new Token(TokenKind.Number, start, end, new Constant(value, ConstantFormat.Hex) { OverflowWidth = overflow });
        }
    }

    // 1.2.3.4:80 is an address, a colon and a port, but ::ffff:1.2.3.4 is one address: no colon follows a dot.
    // 1..2 is two numbers and an ellipsis.
    private static int EndOf(string input, int start)
    {
        var sawDot = false;
        for (var end = start; ; end++)
        {
            var c = Lexer.At(input, end);
            if (c == '.' && Lexer.At(input, end + 1) != '.')
            {
                sawDot = true;
            }
            else if (!char.IsAsciiLetterOrDigit(c) && (c != ':' || sawDot))
            {
                return end;
            }
        }
    }

    // QUIRK(OVS scanf): octets may have any number of digits and 0x before them; the low 8 bits count.
    private static bool TryReadEthernet(ReadOnlySpan<char> text, out ulong mac)
    {
        mac = 0;
        var octets = 0;
        foreach (var range in text.Split(':'))
        {
            var octet = text[range];
            if (octet.Length > 1 && octet[0] == '0' && octet[1] is 'x' or 'X')
            {
                octet = octet[2..];
            }

            if (!ulong.TryParse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            mac = mac << 8 | value & 0xff;
            octets++;
        }

        return octets == 6;
    }
}
