using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Core;

namespace GatewayOS.Testing.Pipeline;

/// <summary>
/// A frame by its fields, from which octets with fresh checksums are made: what a test expects is what it sends <c>with</c> other fields.
/// </summary>
public sealed record TestFrame
{
    public const byte Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58, Sctp = 132;

    public MacAddress EthDst { get; init; } = MacAddress.Parse("02:00:00:00:00:01");

    public MacAddress EthSrc { get; init; } = MacAddress.Parse("02:00:00:00:00:02");

    /// <summary>The octets of a VLAN tag's second half, or null without tag.</summary>
    public ushort? Vlan { get; init; }

    public IPAddress Src { get; init; } = IPAddress.Parse("10.0.0.2");

    public IPAddress Dst { get; init; } = IPAddress.Parse("10.0.1.3");

    public byte Tos { get; init; }

    public byte Ttl { get; init; } = 64;

    public byte Proto { get; init; } = Tcp;

    /// <summary>TCP, UDP and SCTP ports.</summary>
    public ushort L4Src { get; init; } = 4321;

    public ushort L4Dst { get; init; } = 80;

    public ushort TcpFlags { get; init; } = 0x10;

    public byte IcmpType { get; init; } = 8;

    public byte IcmpCode { get; init; }

    public ushort IcmpId { get; init; } = 0x1234;

    /// <summary>UDP over IPv4 may go without a checksum.</summary>
    public bool L4Checksum { get; init; } = true;

    /// <summary>Added to the L4 checksum, to make it wrong.</summary>
    public ushort Spoil { get; init; }

    /// <summary>IPv4 flags and fragment offset.</summary>
    public ushort Fragment { get; init; } = 0x4000;

    /// <summary>An odd number of octets finds mistakes in checksums.</summary>
    public int PayloadSize { get; init; } = 31;

    /// <summary>Octets of Ethernet padding behind the IP packet.</summary>
    public int Padding { get; init; }

    public TunnelLayer? Tunnel { get; init; }

    private bool IsIPv6 => Dst.AddressFamily == AddressFamily.InterNetworkV6;

    public static TestFrame V6 { get; } = new()
    {
        Src = IPAddress.Parse("2001:db8::2"),
        Dst = IPAddress.Parse("2001:db8:1::3"),
    };

    public byte[] ToBytes()
    {
        var l4 = L4();
        byte[] ip = IsIPv6 ? IPv6(l4.Length) : IPv4(l4.Length);
        byte[] type = IsIPv6 ? [0x86, 0xdd] : [8, 0];
        byte[] tag = Vlan is { } tci ? [0x81, 0, .. InternetChecksum.Big16(tci)] : [];
        byte[] frame = [.. Octets(EthDst), .. Octets(EthSrc), .. tag, .. type, .. ip, .. l4, .. new byte[Padding]];
        return Tunnel is null ? frame : Tunnel.Wrap(frame);
    }

    internal static byte[] Octets(MacAddress mac)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mac.Value);
        return bytes[2..];
    }

    private byte[] IPv4(int payload)
    {
        byte[] header =
        [
            0x45, Tos, .. InternetChecksum.Big16(20 + payload), 0xab, 0xcd, .. InternetChecksum.Big16(Fragment), Ttl, Proto, 0, 0,
            .. Src.GetAddressBytes(), .. Dst.GetAddressBytes(),
        ];
        InternetChecksum.Big16(InternetChecksum.Compute(header)).CopyTo(header, 10);
        return header;
    }

    private byte[] IPv6(int payload) =>
    [
        (byte)(0x60 | Tos >> 4), (byte)(Tos << 4 | 0x01), 0x23, 0x45, .. InternetChecksum.Big16(payload), Proto, Ttl,
        .. Src.GetAddressBytes(), .. Dst.GetAddressBytes(),
    ];

    private byte[] L4()
    {
        byte[] payload = [.. Enumerable.Range(0, PayloadSize).Select(i => (byte)(i * 7 + 3))];
        byte[] ports = [.. InternetChecksum.Big16(L4Src), .. InternetChecksum.Big16(L4Dst)];
        (byte[] segment, int checksum) = Proto switch
        {
            Tcp => ((byte[])[.. ports, 0, 0, 0, 1, 0, 0, 0, 2, .. InternetChecksum.Big16(0x5000 | TcpFlags), 1, 0, 0, 0, 0, 0, .. payload], 16),
            Udp => ([.. ports, .. InternetChecksum.Big16(8 + payload.Length), 0, 0, .. payload], 6),
            Icmp or Icmp6 => ([IcmpType, IcmpCode, 0, 0, .. InternetChecksum.Big16(IcmpId), 0, 7, .. payload], 2),
            Sctp => ([.. ports, 0, 0, 0, 9, 1, 2, 3, 4, .. payload], -1),
            _ => (payload, -1),
        };
        if (checksum >= 0 && L4Checksum)
        {
            byte[] pseudo = Proto == Icmp ? [] : [.. Src.GetAddressBytes(), .. Dst.GetAddressBytes(), 0, Proto, .. InternetChecksum.Big16(segment.Length)];
            InternetChecksum.Big16(InternetChecksum.Compute(pseudo, segment) + Spoil).CopyTo(segment, checksum);
        }

        return segment;
    }
}
