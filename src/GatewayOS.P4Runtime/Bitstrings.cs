using System.Buffers.Binary;
using Google.Protobuf;

namespace GatewayOS.P4Runtime;

/// <summary>Values of bit&lt;W&gt; as bytes (P4Runtime 1.5, 8.4).</summary>
/// <remarks>Written in the canonical form, the fewest bytes that hold the value; read in any length, since a server may pad.</remarks>
internal static class Bitstrings
{
    private const int Size = 16;

    public static ByteString Encode(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        var first = Math.Min(bytes.IndexOfAnyExcept((byte)0) is var index && index < 0 ? Size : index, Size - 1);
        return ByteString.CopyFrom(bytes[first..]);
    }

    /// <exception cref="FormatException">No bytes, or a value of more than 128 bits.</exception>
    public static UInt128 Decode(ByteString bytes)
    {
        var span = bytes.Span;
        if (span.IsEmpty)
        {
            throw new FormatException("a bit string without bytes");
        }

        if (span.Length > Size)
        {
            if (span[..^Size].ContainsAnyExcept((byte)0))
            {
                throw new FormatException($"a bit string of {span.Length} bytes exceeds 128 bits");
            }

            span = span[^Size..];
        }

        UInt128 value = 0;
        foreach (var octet in span)
        {
            value = (value << 8) | octet;
        }

        return value;
    }
}
