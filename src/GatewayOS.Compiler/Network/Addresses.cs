using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GatewayOS.Compiler.Network;

/// <summary>Reads addresses in the text forms of the southbound database.</summary>
public static class Addresses
{
    /// <summary>The address as a number and its width in bits (32 or 128), or null if the text is none.</summary>
    public static (UInt128 Value, int Width)? Parse(ReadOnlySpan<char> text) =>
        IPAddress.TryParse(text, out var address) ? (ToNumber(address), address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) : null;

    /// <summary>An address with an optional prefix length, which defaults to the full width.</summary>
    public static (UInt128 Value, int Width, int PrefixLength)? ParsePrefix(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (Parse(slash < 0 ? text : text.AsSpan(0, slash)) is not var (value, width))
        {
            return null;
        }

        if (slash < 0)
        {
            return (value, width, width);
        }

        return int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length >= 0 && length <= width ? (value, width, length) : null;
    }

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var size);
        return size == 4 ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt128BigEndian(octets);
    }
}
