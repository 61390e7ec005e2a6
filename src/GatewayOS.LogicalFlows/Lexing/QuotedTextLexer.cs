using System.Globalization;
using System.Text;

namespace GatewayOS.LogicalFlows;

/// <summary>Reads strings in quotes with JSON's escapes.</summary>
internal static class QuotedTextLexer
{
    /// <param name="input">The whole input.</param>
    /// <param name="start">Where the opening quote is.</param>
    /// <param name="pool">Gives equal strings the same object.</param>
    public static Token Read(string input, int start, StringPool pool)
    {
        var hasEscape = false;
        for (var position = start + 1; ; position++)
        {
            switch (Lexer.At(input, position))
            {
                case '\0':
                    return Token.Failed(start, position, "Input ends inside quoted string.");
                case '\\':
                    hasEscape = true;
                    position += Lexer.At(input, position + 1) == '\0' ? 0 : 1;
                    break;
                case '"':
                    var raw = input.AsSpan(start + 1, position - start - 1);
                    if (!hasEscape)
                    {
                        return new Token(TokenKind.QuotedText, start, position + 1, Text: pool.Get(raw));
                    }

                    var ok = TryUnescape(raw, out var text);
                    return new Token(ok ? TokenKind.QuotedText : TokenKind.Error, start, position + 1, Text: text);
                default:
                    break;
            }
        }
    }

    private static bool TryUnescape(ReadOnlySpan<char> raw, out string text)
    {
        var output = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                output.Append(raw[i]);
                continue;
            }

            i++;
            var plain = raw[i] switch
            {
                '"' or '\\' or '/' => raw[i],
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => '\0',
            };
            if (plain != '\0')
            {
                output.Append(plain);
            }
            else if (raw[i] != 'u')
            {
                text = $"bad escape \\{raw[i]}";
                return false;
            }
            else if (ReadUnicode(raw[(i + 1)..], output, out var used) is { } error)
            {
                text = error;
                return false;
            }
            else
            {
                i += used;
            }
        }

        text = output.ToString();
        return true;
    }

    private static string? ReadUnicode(ReadOnlySpan<char> digits, StringBuilder output, out int used)
    {
        used = 4;
        if (ReadFourDigits(digits, out var first) is { } error)
        {
            return error;
        }

        output.Append(first);
        if (!char.IsHighSurrogate(first))
        {
            return null;
        }

        var second = digits[4..];
        if (!second.StartsWith("\\u"))
        {
            return "malformed escaped surrogate pair";
        }

        used = 10;
        error = ReadFourDigits(second[2..], out var low);
        output.Append(low);
        return error ?? (char.IsLowSurrogate(low) ? null : "second half of escaped surrogate pair is not trailing surrogate");
    }

    private static string? ReadFourDigits(ReadOnlySpan<char> digits, out char value)
    {
        value = '\0';
        if (Encoding.UTF8.GetByteCount(digits) < 4)
        {
            return "quoted string ends within \\u escape";
        }

        if (!ushort.TryParse(digits[..Math.Min(4, digits.Length)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return "malformed \\u escape";
        }

        value = (char)code;
        return code == 0 ? "null bytes not supported in quoted strings" : null;
    }
}
