using System.Buffers.Binary;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>Eight octets in a payload that tell the packets of a test from each other and from everything else on the wire.</summary>
internal static class Marker
{
    public const int Size = 8;

    private static ReadOnlySpan<byte> Magic => [0x9e, 0x47, 0x57, 0xd1];

    public static void Write(OctetWriter writer, uint number) => writer.Octets(Magic).U32(number);

    /// <summary>The number in a packet, or null if it has no marker.</summary>
    public static uint? Find(ReadOnlySpan<byte> packet)
    {
        var at = packet.IndexOf(Magic);
        return at >= 0 && at + Size <= packet.Length ? BinaryPrimitives.ReadUInt32BigEndian(packet[(at + 4)..]) : null;
    }
}
