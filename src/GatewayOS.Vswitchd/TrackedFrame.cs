using System.Buffers.Binary;
using GatewayOS.Connections;

namespace GatewayOS.Vswitchd;

/// <summary>Makes a frame of a connection that carries nothing: UDP or ICMP echo, with whole checksums (RFC 768, 791, 792, 4443, 8200).</summary>
public static class TrackedFrame
{
    private const int EthernetLength = 14, L4Length = 8;
    private const byte HopLimit = 64;

    /// <summary>Whether there is such a frame.</summary>
    public static bool IsMade(TransportProtocol protocol) => protocol is TransportProtocol.Udp or TransportProtocol.Icmp or TransportProtocol.Icmpv6;

    /// <returns>The octets; null for a protocol that a made-up packet would harm: a TCP segment would be out of window.</returns>
    public static byte[]? Of(ConnectionTuple tuple)
    {
        if (!IsMade(tuple.Protocol))
        {
            return null;
        }

        var ipLength = tuple.IsIpv6 ? 40 : 20;
        var frame = new byte[EthernetLength + ipLength + L4Length];
        // Locally administered addresses: nobody sees them.
        (frame[0], frame[5], frame[6], frame[11]) = (2, 2, 2, 1);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)(tuple.IsIpv6 ? 0x86dd : 0x0800));
        var ip = frame.AsSpan(EthernetLength, ipLength);
        var l4 = frame.AsSpan(EthernetLength + ipLength);
        if (tuple.IsIpv6)
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], L4Length);
            (ip[6], ip[7]) = ((byte)tuple.Protocol, HopLimit);
            BinaryPrimitives.WriteUInt128BigEndian(ip[8..], tuple.Source);
            BinaryPrimitives.WriteUInt128BigEndian(ip[24..], tuple.Destination);
        }
        else
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(ipLength + L4Length));
            (ip[8], ip[9]) = (HopLimit, (byte)tuple.Protocol);
            BinaryPrimitives.WriteUInt32BigEndian(ip[12..], (uint)tuple.Source);
            BinaryPrimitives.WriteUInt32BigEndian(ip[16..], (uint)tuple.Destination);
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip, 0));
        }

        if (tuple.Protocol == TransportProtocol.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(l4, tuple.SourcePort);
            BinaryPrimitives.WriteUInt16BigEndian(l4[2..], tuple.DestinationPort);
            BinaryPrimitives.WriteUInt16BigEndian(l4[4..], L4Length);
        }
        else
        {
            (l4[0], l4[1]) = (tuple.IcmpType, tuple.IcmpCode);
            BinaryPrimitives.WriteUInt16BigEndian(l4[4..], tuple.SourcePort);
        }

        var pseudo = tuple.Protocol == TransportProtocol.Icmp ? 0
            : Sum(tuple.IsIpv6 ? ip[8..] : ip[12..]) + L4Length + (byte)tuple.Protocol;
        var checksum = Checksum(l4, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(l4[(tuple.Protocol == TransportProtocol.Udp ? 6 : 2)..], checksum == 0 && tuple.Protocol == TransportProtocol.Udp ? (ushort)0xffff : checksum);
        return frame;
    }

    private static ushort Checksum(ReadOnlySpan<byte> octets, uint pseudo)
    {
        var sum = Sum(octets) + pseudo;
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~((sum & 0xffff) + (sum >> 16));
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        var sum = 0u;
        for (var i = 0; i < octets.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets[i..]);
        }

        return sum;
    }
}
