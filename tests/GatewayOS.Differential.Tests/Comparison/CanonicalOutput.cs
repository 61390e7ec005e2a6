using System.Buffers.Binary;
using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>
/// A packet without what OVS is free to choose: the outer UDP source port of a tunnel packet, and with it the outer UDP checksum. The checksum must be right (or
/// absent) for the octets; what is kept of it is which of the three it was.
/// </summary>
internal static class CanonicalOutput
{
    private const int UdpAt = 34;

    public static string Of(Output output)
    {
        var octets = output.Octets.ToArray();
        var note = "";
        if (octets.Length >= UdpAt + 16 && octets[12] == 8 && octets[13] == 0 && octets[14] == 0x45 && octets[23] == Protocols.Udp
            && BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(UdpAt + 2)) is 6081 or 4789)
        {
            note = $" [{Judge(octets)} outer checksum]";
            octets.AsSpan(UdpAt, 2).Clear();
            octets.AsSpan(UdpAt + 6, 2).Clear();
        }

        return $"port {output.Port}: {Convert.ToHexStringLower(octets)}{note}";
    }

    private static string Judge(byte[] octets)
    {
        var udp = octets.AsSpan(UdpAt, Math.Min(BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(UdpAt + 4)), octets.Length - UdpAt));
        return BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) == 0 ? "no"
            : Checksum.OfSegment(octets.AsSpan(26, 4), octets.AsSpan(30, 4), Protocols.Udp, udp) is 0 or 0xffff ? "right"
            : "WRONG";
    }
}
