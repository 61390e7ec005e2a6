using System.Buffers.Binary;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Packets;

namespace GatewayOS.Explain.Packets;

/// <summary>Writes a packet of the reference interpreter as a frame, with right lengths and checksums and a payload of zeros.</summary>
internal sealed class FrameWriter(PacketFields fields, SymbolTable symbols)
{
    private const int PayloadLength = 32, TcpAck = 0x10, TagPresent = 0x1000;
    private const byte Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58, Sctp = 132;

    /// <param name="packet">Its headers.</param>
    /// <param name="vlan">The tag to push; null leaves what the packet has.</param>
    public byte[] Write(Packet packet, int? vlan)
    {
        var tci = (int)packet[fields.VlanTci];
        byte[] tag = vlan is { } vid ? [0x81, 0, .. Big16(vid)]
            : (tci & TagPresent) != 0 ? [0x81, 0, .. Big16(tci & ~TagPresent)] : [];
        byte[] payload = fields.IsIp4(packet) ? Ipv4(packet) : fields.IsIp6(packet) ? Ipv6(packet) : new byte[PayloadLength + 14];
        return [.. Mac(packet[fields.EthDestination]), .. Mac(packet[fields.EthSource]), .. tag, .. Big16((int)packet[fields.EthType]), .. payload];
    }

    /// <summary>Puts a tunnel's headers around a frame, as OVS sends them. The outer UDP checksum is left out, which IPv4 allows.</summary>
    public static byte[] Tunnel(byte[] frame, MacAddress source, MacAddress destination, uint from, uint to, int port, byte[] header)
    {
        byte[] udp = [.. Big16(32768), .. Big16(port), .. Big16(8 + header.Length + frame.Length), 0, 0, .. header, .. frame];
        return [.. Mac(destination.Value), .. Mac(source.Value), 8, 0, .. Ipv4Header(0, 0, 64, Udp, 0x4000, Big32(from), Big32(to), udp.Length), .. udp];
    }

    private byte[] Ipv4(Packet packet)
    {
        var fragment = (int)packet[fields.Fragment];
        byte[] source = Big32((uint)packet[fields.Ip4Source]), destination = Big32((uint)packet[fields.Ip4Destination]);
        var segment = Transport(packet, [.. source, .. destination]);

        // ip.frag: bit 0 says that it is a fragment, bit 1 that it is a later one (ovs-fields(7), ip_frag).
        var flags = fragment == 0 ? 0x4000 : 0x2000 | ((fragment & 2) != 0 ? 64 : 0);
        return
        [
            .. Ipv4Header((int)this[packet, "ip.dscp"], (int)this[packet, "ip.ecn"], (byte)packet[fields.HopLimit], (byte)packet[fields.Protocol], flags, source, destination, segment.Length),
            .. segment,
        ];
    }

    private static byte[] Ipv4Header(int dscp, int ecn, byte ttl, byte protocol, int flags, byte[] source, byte[] destination, int payload)
    {
        byte[] header = [0x45, (byte)(dscp << 2 | ecn), .. Big16(20 + payload), 0, 0, .. Big16(flags), ttl, protocol, 0, 0, .. source, .. destination];
        Big16(Checksum(header)).CopyTo(header, 10);
        return header;
    }

    private byte[] Ipv6(Packet packet)
    {
        byte[] source = Big128(packet[fields.Ip6Source]), destination = Big128(packet[fields.Ip6Destination]);
        var segment = Transport(packet, [.. source, .. destination]);
        var traffic = (int)this[packet, "ip.dscp"] << 2 | (int)this[packet, "ip.ecn"];
        return
        [
            (byte)(0x60 | traffic >> 4), (byte)(traffic << 4), 0, 0, .. Big16(segment.Length), (byte)packet[fields.Protocol], (byte)packet[fields.HopLimit],
            .. source, .. destination, .. segment,
        ];
    }

    private byte[] Transport(Packet packet, byte[] addresses)
    {
        var protocol = (byte)packet[fields.Protocol];
        var payload = new byte[PayloadLength];
        byte[] Ports(string name) => [.. Big16((int)this[packet, $"{name}.src"]), .. Big16((int)this[packet, $"{name}.dst"])];
        var flags = (int)packet[fields.TcpFlags];
        (byte[] segment, int checksum) = protocol switch
        {
            // A packet in the middle of a connection, if nothing else is said.
            Tcp => ((byte[])[.. Ports("tcp"), .. new byte[8], .. Big16(0x5000 | (flags == 0 ? TcpAck : flags)), 0xff, 0xff, 0, 0, 0, 0, .. payload], 16),
            Udp => ([.. Ports("udp"), .. Big16(8 + PayloadLength), 0, 0, .. payload], 6),
            Sctp => ([.. Ports("sctp"), .. new byte[8], .. payload], -1),
            Icmp => ([(byte)packet[fields.Icmp4Type], (byte)packet[fields.Icmp4Code], 0, 0, .. payload], 2),
            Icmp6 => ([(byte)packet[fields.Icmp6Type], (byte)packet[fields.Icmp6Code], 0, 0, .. payload], 2),
            _ => (payload, -1),
        };
        if (checksum >= 0)
        {
            byte[] pseudo = protocol == Icmp ? [] : [.. addresses, 0, protocol, .. Big16(segment.Length)];
            var sum = Checksum([.. pseudo, .. segment]);

            // 0 would mean that there is none (RFC 768).
            Big16(sum == 0 && protocol == Udp ? 0xffff : sum).CopyTo(segment, checksum);
        }

        return segment;
    }

    private UInt128 this[Packet packet, string symbol] => packet[symbols[symbol].Storage!.Value];

    private static int Checksum(byte[] octets)
    {
        var sum = 0u;
        for (var i = 0; i < octets.Length; i += 2)
        {
            sum += (uint)(octets[i] << 8 | (i + 1 < octets.Length ? octets[i + 1] : 0));
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private static byte[] Mac(UInt128 value) => Big128(value)[10..];

    private static byte[] Big16(int value)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)value);
        return octets;
    }

    private static byte[] Big32(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }

    private static byte[] Big128(UInt128 value)
    {
        var octets = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, value);
        return octets;
    }
}
