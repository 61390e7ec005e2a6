using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Core;
using GatewayOS.Testing.Pipeline;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>A packet of a connection by its fields, made into octets and read from them.</summary>
/// <remarks>
/// Its number (<see cref="Mark"/>) is in a TCP option that nobody knows (RFC 4727), so that a bare SYN has one too, or in the payload: wherever the packet comes out, translated or not, it is known which one it was.
/// </remarks>
internal sealed record Packet
{
    public const byte Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58;
    public const byte Fin = 1, Syn = 2, Rst = 4, Psh = 8, Ack = 16;

    private const int EthernetLength = 14;

    public required MacAddress EthSource { get; init; }

    public required MacAddress EthDestination { get; init; }

    public required IPAddress Source { get; init; }

    public required IPAddress Destination { get; init; }

    public byte Ttl { get; init; } = 64;

    /// <summary>Of ICMP errors too it is that of ICMP.</summary>
    public required byte Protocol { get; init; }

    /// <summary>Of ICMP echo the identifier.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>Of ICMP echo the sequence number.</summary>
    public ushort DestinationPort { get; init; }

    public byte IcmpType { get; init; }

    public byte IcmpCode { get; init; }

    public uint Sequence { get; init; }

    public uint Acknowledgement { get; init; }

    public byte Flags { get; init; }

    public ushort Window { get; init; } = 8192;

    /// <summary>Octets of payload, the number aside.</summary>
    public int Length { get; init; }

    /// <summary>The packet that an ICMP error is about: its IP header and eight octets.</summary>
    public byte[]? Quoted { get; init; }

    public bool IsIpv6 => Source.AddressFamily == AddressFamily.InterNetworkV6;

    public bool IsEcho => (Protocol == Icmp && IcmpType is (0 or 8)) || (Protocol == Icmp6 && IcmpType is (128 or 129));

    public bool IsIcmp => Protocol is Icmp or Icmp6;

    /// <summary>Reads the headers of a frame; null for what is no TCP, UDP or ICMP.</summary>
    public static Packet? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetLength + 28)
        {
            return null;
        }

        var isIpv6 = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x86dd;
        var l4At = EthernetLength + (isIpv6 ? 40 : 20);
        if ((!isIpv6 && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != 0x0800) || frame.Length < l4At + 8)
        {
            return null;
        }

        var ip = frame[EthernetLength..];
        var l4 = frame[l4At..];
        var packet = new Packet
        {
            EthDestination = Mac(frame),
            EthSource = Mac(frame[6..]),
            Source = new IPAddress(isIpv6 ? ip.Slice(8, 16) : ip.Slice(12, 4)),
            Destination = new IPAddress(isIpv6 ? ip.Slice(24, 16) : ip.Slice(16, 4)),
            Ttl = isIpv6 ? ip[7] : ip[8],
            Protocol = isIpv6 ? ip[6] : ip[9],
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(l4),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(l4[2..]),
        };
        return packet.Protocol switch
        {
            Tcp when l4.Length >= 20 => packet with
            {
                Sequence = BinaryPrimitives.ReadUInt32BigEndian(l4[4..]),
                Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(l4[8..]),
                Flags = l4[13],
                Window = BinaryPrimitives.ReadUInt16BigEndian(l4[14..]),
            },
            Udp => packet,
            Icmp or Icmp6 => packet with
            {
                IcmpType = l4[0],
                IcmpCode = l4[1],
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(l4[4..]),
                DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(l4[6..]),
            },
            _ => null,
        };
    }

    public byte[] ToFrame(uint number)
    {
        var l4 = L4(number);
        byte[] type = IsIpv6 ? [0x86, 0xdd] : [8, 0];
        return [.. Octets(EthDestination), .. Octets(EthSource), .. type, .. IsIpv6 ? IPv6(l4.Length) : IPv4(l4.Length, number), .. l4];
    }

    public override string ToString()
    {
        var ends = IsIcmp ? $"{Source} > {Destination} type {IcmpType}/{IcmpCode} id {SourcePort}" : $"{Source}.{SourcePort} > {Destination}.{DestinationPort}";
        var flags = string.Concat("FSRPA".Where((_, bit) => (Flags >> bit & 1) != 0));
        return Protocol switch
        {
            Tcp => $"TCP {ends} [{flags}] seq {Sequence} ack {Acknowledgement} +{Length}",
            Udp => $"UDP {ends}",
            _ => $"ICMP {ends}{(Quoted is null ? "" : " about a packet")}",
        };
    }

    /// <summary>What an ICMP error quotes of a frame: the IP header and the eight octets behind it (RFC 792).</summary>
    public static byte[] QuoteOf(ReadOnlySpan<byte> frame) => frame.Slice(EthernetLength, (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x86dd ? 40 : 20) + 8).ToArray();

    private static MacAddress Mac(ReadOnlySpan<byte> octets) => new((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32 | BinaryPrimitives.ReadUInt32BigEndian(octets[2..]));

    private static byte[] Octets(MacAddress mac)
    {
        var octets = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(octets, mac.Value);
        return octets[2..];
    }

    private static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Big32(uint value) => [.. Big16((int)(value >> 16)), .. Big16((int)value)];

    private byte[] IPv4(int payload, uint number)
    {
        byte[] header =
        [
            0x45, 0, .. Big16(20 + payload), .. Big16((int)number), 0x40, 0, Ttl, Protocol, 0, 0, .. Source.GetAddressBytes(), .. Destination.GetAddressBytes(),
        ];
        Big16(InternetChecksum.Compute(header)).CopyTo(header, 10);
        return header;
    }

    private byte[] IPv6(int payload) =>
        [0x60, 0, 0, 0, .. Big16(payload), Protocol, Ttl, .. Source.GetAddressBytes(), .. Destination.GetAddressBytes()];

    private byte[] L4(uint number)
    {
        byte[] filling = [.. Enumerable.Range(0, Length).Select(i => (byte)(i * 7 + 3))];
        byte[] ports = [.. Big16(SourcePort), .. Big16(DestinationPort)];
        var mark = Mark.Of(number);
        (byte[] segment, var checksumAt) = Protocol switch
        {
            // 12 octets of options: two that mean nothing, and an experimental one of 10.
            Tcp => ((byte[])[.. ports, .. Big32(Sequence), .. Big32(Acknowledgement), 0x80, Flags, .. Big16(Window), 0, 0, 0, 0, 1, 1, 253, 10, .. mark, .. filling], 16),
            Udp => ([.. ports, .. Big16(8 + mark.Length + Length), 0, 0, .. mark, .. filling], 6),
            _ => ([IcmpType, IcmpCode, 0, 0, .. ports, .. Quoted ?? [], .. mark, .. filling], 2),
        };
        byte[] pseudo = Protocol == Icmp ? [] : [.. Source.GetAddressBytes(), .. Destination.GetAddressBytes(), 0, Protocol, .. Big16(segment.Length)];
        Big16(InternetChecksum.Compute(pseudo, segment)).CopyTo(segment, checksumAt);
        return segment;
    }
}
