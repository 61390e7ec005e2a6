using System.Buffers.Binary;

namespace GatewayOS.Bmv2.Runtime;

/// <summary>Reads and writes fields in octets. The caller has room for a whole load or store past the last octet.</summary>
internal static class PacketBits
{
    /// <summary>Reads <paramref name="width"/> bits (1 to 64) from <paramref name="bit"/> bits (0 to 7) after an octet on.</summary>
    public static ulong Read(byte[] octets, int at, int bit, int width)
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(octets.AsSpan(at)) << bit >> (64 - width);
        var missing = bit + width - 64;
        return missing <= 0 ? value : value | (ulong)octets[at + 8] >> (8 - missing);
    }

    public static void Write(byte[] octets, int at, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(octets.AsSpan(at), value);
}
