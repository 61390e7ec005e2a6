using System.Buffers.Binary;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>The Internet checksum (RFC 1071), written apart from the product's so that it can judge it.</summary>
internal static class Checksum
{
    /// <summary>The sum of big-endian 16-bit words, not yet folded; an odd octet at the end counts as the upper half.</summary>
    public static ulong Sum(ReadOnlySpan<byte> octets, ulong start = 0)
    {
        for (; octets.Length >= 2; octets = octets[2..])
        {
            start += BinaryPrimitives.ReadUInt16BigEndian(octets);
        }

        return octets.Length == 1 ? start + (ulong)(octets[0] << 8) : start;
    }

    public static ushort Finish(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>Of a TCP, UDP or ICMPv6 segment: pseudo header (RFC 9293, 3.1; RFC 8200, 8.1) and segment.</summary>
    public static ushort OfSegment(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ReadOnlySpan<byte> segment) =>
        Finish(Sum(segment, Sum(source) + Sum(destination) + protocol + (ulong)segment.Length));
}
