using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// Cuts text into tokens, with one token of look-ahead, and remembers the first error.
/// </summary>
/// <remarks>
/// Follows OVN's lex.c to the letter where texts are accepted, rejected or reported. Once there is an error, later ones are
/// dropped: they are most often consequences. When the current token is not one at all, the lexical error is
/// reported in place of the complaint about it.
/// </remarks>
internal sealed class Lexer
{
    // The tokens that a parser insists on.
    private static readonly FrozenDictionary<TokenKind, string> s_spellings = new Dictionary<TokenKind, string>
    {
        [TokenKind.LeftParenthesis] = "(",
        [TokenKind.RightParenthesis] = ")",
        [TokenKind.LeftBrace] = "{",
        [TokenKind.RightBrace] = "}",
        [TokenKind.RightBracket] = "]",
        [TokenKind.Comma] = ",",
        [TokenKind.Semicolon] = ";",
        [TokenKind.Colon] = ":",
        [TokenKind.Assign] = "=",
        [TokenKind.Decrement] = "--",
    }.ToFrozenDictionary();

    private readonly string _input;
    private readonly StringPool _pool;
    private Token _ahead;
    private int _position;

    // Of the character at _position, how many octets have been tokens.
    private int _octets;
    private bool _hasAhead;

    public Lexer(string input, StringPool pool)
    {
        _input = input;
        _pool = pool;
        Advance();
    }

    public Token Current { get; private set; }

    public LanguageError? Error { get; private set; }

    /// <summary>The characters of the current token.</summary>
    public ReadOnlySpan<char> CurrentText => _input.AsSpan(Current.Start, Current.End - Current.Start);

    public bool Is(TokenKind kind) => Current.Kind == kind;

    public bool IsIdentifier(string name) => Current.Kind == TokenKind.Identifier && CurrentText.SequenceEqual(name);

    public TokenKind LookAhead()
    {
        if (!_hasAhead)
        {
            _ahead = Next();
            _hasAhead = true;
        }

        return _ahead.Kind;
    }

    public void Advance()
    {
        Current = _hasAhead ? _ahead : Next();
        _hasAhead = false;
    }

    public bool Match(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        Advance();
        return true;
    }

    public bool MatchIdentifier(string name)
    {
        var matches = IsIdentifier(name);
        if (matches)
        {
            Advance();
        }

        return matches;
    }

    public bool MatchQuotedText(string text)
    {
        var matches = Current.Kind == TokenKind.QuotedText && Current.Text == text;
        if (matches)
        {
            Advance();
        }

        return matches;
    }

    public bool ForceMatch(TokenKind kind)
    {
        if (kind == TokenKind.End ? Is(kind) : Match(kind))
        {
            return true;
        }

        SyntaxError(kind == TokenKind.End ? "expecting end of input" : $"expecting `{s_spellings[kind]}'");
        return false;
    }

    /// <summary>Whether the token is a decimal number that fits a positive 32-bit integer.</summary>
    public bool IsSmallNumber => Current is { Kind: TokenKind.Number, Number: { Format: ConstantFormat.Dec, Value: var value } } && value <= int.MaxValue;

    public bool TryGetSmallNumber(out int value)
    {
        value = 0;
        if (!IsSmallNumber)
        {
            return false;
        }

        value = (int)Current.Number.Value;
        Advance();
        return true;
    }

    public bool ForceSmallNumber(out int value)
    {
        var ok = TryGetSmallNumber(out value);
        if (!ok)
        {
            SyntaxError("expecting small integer");
        }

        return ok;
    }

    public void Fail(string message)
    {
        if (Error is null)
        {
            Error = new LanguageError(Current.Kind == TokenKind.Error ? Current.Text! : message, Current.Start, Current.End - Current.Start);
        }
    }

    public void SyntaxError(string? detail = null)
    {
        var message = new StringBuilder("Syntax error");
        if (Is(TokenKind.End))
        {
            message.Append(" at end of input");
        }
        else
        {
            message.Append(" at `").Append(CurrentText).Append('\'');
        }

        Fail(message.Append(detail is null ? "" : " ").Append(detail).Append('.').ToString());
    }

    /// <summary>The character at a position; the end of the text reads as NUL, which also ends it when it is in the text.</summary>
    internal static char At(string input, int position) => (uint)position < (uint)input.Length ? input[position] : '\0';

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c is '_' or '.';

    private Token Next()
    {
        var token = Read(_position);
        _position = _octets > 0 ? token.Start : token.End;
        return token;
    }

    private Token Read(int position)
    {
        for (; ; )
        {
            var c = At(_input, position);
            if (c is ' ' or (>= '\t' and <= '\r'))
            {
                position++;
            }
            else if (c == '/')
            {
                var end = SkipComment(position, out var error);
                if (error is not null)
                {
                    return Token.Failed(position, end, error);
                }

                position = end;
            }
            else
            {
                return Read(position, c);
            }
        }
    }

    private int SkipComment(int position, out string? error)
    {
        error = null;
        var second = At(_input, position + 1);
        if (second == '/')
        {
            position += 2;
            while (At(_input, position) is not ('\0' or '\n'))
            {
                position++;
            }

            return position;
        }

        if (second != '*')
        {
            error = "`/' is only valid as part of `//' or `/*'.";
            return position + 1;
        }

        for (position += 2; ; position++)
        {
            switch (At(_input, position))
            {
                case '*' when At(_input, position + 1) == '/':
                    return position + 2;
                case '\0' or '\n':
                    error = "`/*' without matching `*/'.";
                    return position;
                default:
                    break;
            }
        }
    }

    private Token Read(int start, char first)
    {
        var second = At(_input, start + 1);
        return first switch
        {
            '\0' => new Token(TokenKind.End, start, start),
            '(' => Symbol(TokenKind.LeftParenthesis, 1),
            ')' => Symbol(TokenKind.RightParenthesis, 1),
            '{' => Symbol(TokenKind.LeftBrace, 1),
            '}' => Symbol(TokenKind.RightBrace, 1),
            '[' => Symbol(TokenKind.LeftBracket, 1),
            ']' => Symbol(TokenKind.RightBracket, 1),
            ',' => Symbol(TokenKind.Comma, 1),
            ';' => Symbol(TokenKind.Semicolon, 1),
            '=' => second == '=' ? Symbol(TokenKind.Equal, 2) : Symbol(TokenKind.Assign, 1),
            '!' => second == '=' ? Symbol(TokenKind.NotEqual, 2) : Symbol(TokenKind.Not, 1),
            '>' => second == '=' ? Symbol(TokenKind.GreaterOrEqual, 2) : Symbol(TokenKind.Greater, 1),
            '<' => second == '=' ? Symbol(TokenKind.LessOrEqual, 2)
                : second == '-' && At(_input, start + 2) == '>' ? Symbol(TokenKind.Exchange, 3)
                : Symbol(TokenKind.Less, 1),
            '&' => second == '&' ? Symbol(TokenKind.And, 2) : Token.Failed(start, start + 1, "`&' is only valid as part of `&&'."),
            '|' => second == '|' ? Symbol(TokenKind.Or, 2) : Token.Failed(start, start + 1, "`|' is only valid as part of `||'."),
            '.' => second == '.' ? Symbol(TokenKind.Ellipsis, 2)
                : Token.Failed(start, start + 1, "`.' is only valid as part of `..' or a number."),
            '-' => second == '-' ? Symbol(TokenKind.Decrement, 2) : Symbol(TokenKind.Hyphen, 1),
            '$' => ReadName(start, TokenKind.AddressSet),
            '@' => ReadName(start, TokenKind.PortGroup),
            '^' => ReadName(start, TokenKind.Template),
            ':' when second != ':' => Symbol(TokenKind.Colon, 1),
            ':' or (>= '0' and <= '9') => NumberLexer.Read(_input, start),
            '"' => QuotedTextLexer.Read(_input, start, _pool),

            // What starts like a hexadecimal number with a colon is an address; an identifier has no colon.
            _ when char.IsAsciiHexDigit(first) && IsAddress(start) => NumberLexer.Read(_input, start),
            _ when IsIdentifierStart(first) => new Token(TokenKind.Identifier, start, EndOfIdentifier(start)),
            > ' ' and <= '~' => Token.Failed(start, start + 1, $"Invalid character `{first}' in input."),
            _ => ReadOctet(start),
        };

        Token Symbol(TokenKind kind, int length) => new(kind, start, start + length);
    }

    private bool IsAddress(int position)
    {
        while (char.IsAsciiHexDigit(At(_input, position)))
        {
            position++;
        }

        return At(_input, position) == ':';
    }

    private int EndOfIdentifier(int position)
    {
        do
        {
            position++;
        }
        while (IsIdentifierStart(At(_input, position)) || char.IsAsciiDigit(At(_input, position)));

        return position;
    }

    private Token ReadName(int start, TokenKind kind)
    {
        if (!IsIdentifierStart(At(_input, start + 1)))
        {
            return Token.Failed(start, start + 1, $"`{_input[start]}' must be followed by a valid identifier.");
        }

        var end = EndOfIdentifier(start + 1);
        return new Token(kind, start, end, Text: _pool.Get(_input.AsSpan(start + 1, end - start - 1)));
    }

    // OVN reads octets: each one of a character is an error by itself, and a parser may skip the first. QUIRK(OVN): it is printed in decimal, as a signed char, after 0x.
    private Token ReadOctet(int start)
    {
        Span<byte> octets = stackalloc byte[4];
        Rune.DecodeFromUtf16(_input.AsSpan(start), out var rune, out var length);
        var count = rune.EncodeToUtf8(octets);
        var octet = ((sbyte)octets[_octets]).ToString(CultureInfo.InvariantCulture);
        _octets = (_octets + 1) % count;
        return Token.Failed(start, start + length, $"Invalid byte 0x{octet} in input.");
    }
}
