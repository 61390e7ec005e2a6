using System.Buffers;
using System.Runtime.InteropServices;

namespace GatewayOS.Ovsdb.Wire;

/// <summary>Finds where a message ends, and where the values of its members are, in bytes that arrive in pieces.</summary>
/// <remarks>
/// OVSDB messages follow each other without a delimiter: the closing brace is the only mark. Each byte is looked at once, however
/// the message is cut into pieces. The scanner counts brackets and knows strings; whether the values are well formed is checked
/// when they are decoded.
/// </remarks>
internal struct MessageScanner
{
    private static readonly SearchValues<byte> s_top = SearchValues.Create("\"{}[]:,"u8);
    private static readonly SearchValues<byte> s_nested = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> s_string = SearchValues.Create("\"\\"u8);

    private int _position;
    private int _depth;
    private bool _inString;
    private int _textStart;
    private Range _key;
    private int _valueStart;
    private Members _members;

    /// <summary>The number of octets of the message that <see cref="TryScan"/> found.</summary>
    public readonly int Length => _position;

    /// <summary>Whether a message has begun and not ended.</summary>
    public readonly bool IsInside => _depth > 0;

    /// <summary>Goes on where the last call stopped; <paramref name="buffer"/> holds the message from its first octet on.</summary>
    /// <returns>Whether the message is complete.</returns>
    /// <exception cref="FormatException">What begins here is no JSON object.</exception>
    public bool TryScan(ReadOnlySpan<byte> buffer)
    {
        while (_position < buffer.Length)
        {
            if (_inString)
            {
                if (!SkipString(buffer))
                {
                    return false;
                }

                continue;
            }

            if (_depth == 0)
            {
                Open(buffer[_position]);
                continue;
            }

            var next = buffer[_position..].IndexOfAny(_depth == 1 ? s_top : s_nested);
            if (next < 0)
            {
                _position = buffer.Length;
                return false;
            }

            _position += next + 1;
            if (Step(buffer, _position - 1))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The message just found; the memory is the buffer that was scanned.</summary>
    public readonly Message Take(ReadOnlyMemory<byte> buffer) => new(
        buffer[_members.Id], buffer[_members.Method], buffer[_members.Params], buffer[_members.Result], buffer[_members.Error]);

    private void Open(byte first)
    {
        _position++;
        if (first == (byte)'{')
        {
            _depth = 1;
        }
        else if (first is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            throw new FormatException($"a message begins with octet 0x{first:x2}, not with an opening brace");
        }
    }

    private bool Step(ReadOnlySpan<byte> buffer, int at)
    {
        switch (buffer[at])
        {
            case (byte)'"':
                (_inString, _textStart) = (true, at + 1);
                return false;
            case (byte)'{' or (byte)'[':
                _depth++;
                return false;
            case (byte)':':
                _valueStart = at + 1;
                return false;
            case (byte)',':
                EndMember(buffer, at);
                return false;
            default:
                if (--_depth > 0)
                {
                    return false;
                }

                EndMember(buffer, at);
                return true;
        }
    }

    // Stops behind the closing quote. A backslash escapes the octet after it.
    private bool SkipString(ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            var next = buffer[_position..].IndexOfAny(s_string);
            if (next < 0)
            {
                _position = buffer.Length;
                return false;
            }

            if (buffer[_position + next] == (byte)'"')
            {
                _position += next + 1;
                _inString = false;
                if (_depth == 1 && _valueStart == 0)
                {
                    _key = _textStart..(_position - 1);
                }

                return true;
            }

            if (_position + next + 1 >= buffer.Length)
            {
                _position += next;
                return false;
            }

            _position += next + 2;
        }
    }

    private void EndMember(ReadOnlySpan<byte> buffer, int end)
    {
        if (_valueStart == 0)
        {
            return;
        }

        var start = _valueStart;
        _valueStart = 0;
        while (start < end && buffer[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            start++;
        }

        while (end > start && buffer[end - 1] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            end--;
        }

        var key = buffer[_key];
        if (key.SequenceEqual("id"u8))
        {
            _members.Id = start..end;
        }
        else if (key.SequenceEqual("method"u8))
        {
            _members.Method = start..end;
        }
        else if (key.SequenceEqual("params"u8))
        {
            _members.Params = start..end;
        }
        else if (key.SequenceEqual("result"u8))
        {
            _members.Result = start..end;
        }
        else if (key.SequenceEqual("error"u8))
        {
            _members.Error = start..end;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Members
    {
        public Range Id;
        public Range Method;
        public Range Params;
        public Range Result;
        public Range Error;
    }
}
