using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using GatewayOS.Core;

namespace GatewayOS.Explain;

/// <summary>A frame in a line of words: for people, who have the octets beside it.</summary>
public static class FrameText
{
    private static readonly string[] s_tcpFlags = ["fin", "syn", "rst", "psh", "ack", "urg"];

    private const int Geneve = 6081, Vxlan = 4789;

    public static string Of(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 14)
        {
            return Text($"{frame.Length} octets, no Ethernet header");
        }

        var (type, start, tag) = (Number(frame, 12), 14, "");
        if (type == 0x8100 && frame.Length >= 18)
        {
            (type, start, tag) = (Number(frame, 16), 18, Text($", vlan {Number(frame, 14) & 0xfff}"));
        }

        var payload = frame[start..];
        var network = type switch
        {
            0x0800 when payload.Length >= 20 => Ipv4(payload),
            0x86dd when payload.Length >= 40 => Ipv6(payload),
            0x0806 => ", ARP",
            _ => Text($", eth.type 0x{type:x4}"),
        };
        return Text($"eth {Mac(frame[6..])} > {Mac(frame)}{tag}{network}, {frame.Length} octets");
    }

    private static string Ipv4(ReadOnlySpan<byte> header)
    {
        var length = Math.Max((header[0] & 0xf) * 4, 20);
        var addresses = Text($", ip4 {Address4(header[12..])} > {Address4(header[16..])}, ttl {header[8]}");
        var isFirst = (Number(header, 6) & 0x1fff) == 0;
        return addresses + (isFirst && header.Length >= length ? Transport(header[9], header[length..]) : ", later fragment");
    }

    private static string Ipv6(ReadOnlySpan<byte> header) =>
        Text($", ip6 {Address6(header[8..])} > {Address6(header[24..])}, ttl {header[7]}") + Transport(header[6], header[40..]);

    private static string Transport(byte protocol, ReadOnlySpan<byte> header)
    {
        var (source, destination) = header.Length >= 4 ? (Number(header, 0), Number(header, 2)) : (0, 0);
        return protocol switch
        {
            6 => Text($", tcp {source} > {destination}{Flags(header)}"),
            17 when destination is Geneve && header.Length >= 16 => Text($", Geneve vni {Number(header, 12) << 8 | header[14]}{Ports(header)}: ") + Inner(header, 16 + (header[8] & 0x3f) * 4),
            17 when destination is Vxlan && header.Length >= 16 => Text($", VXLAN vni {Number(header, 12) << 8 | header[14]}: ") + Inner(header, 16),
            17 => Text($", udp {source} > {destination}"),
            132 => Text($", sctp {source} > {destination}"),
            1 or 58 when header.Length >= 2 => Text($", icmp type {header[0]} code {header[1]}"),
            _ => Text($", protocol {protocol}"),
        };
    }

    // OVN's option holds the keys of the logical ports (ovn-architecture(7), "Tunnel Encapsulations").
    private static string Ports(ReadOnlySpan<byte> udp) =>
        udp.Length >= 24 && Number(udp, 16) == 0x0102 ? Text($" ports {Number(udp, 20)} -> {Number(udp, 22)}") : "";

    private static string Inner(ReadOnlySpan<byte> udp, int start) => udp.Length >= start ? $"[{Of(udp[start..])}]" : "";

    private static string Flags(ReadOnlySpan<byte> tcp)
    {
        if (tcp.Length < 14)
        {
            return "";
        }

        var bits = tcp[13];
        var names = s_tcpFlags.Where((_, bit) => (bits >> bit & 1) != 0).ToList();
        return names.Count == 0 ? " no flags" : " " + string.Join('+', names);
    }

    private static int Number(ReadOnlySpan<byte> octets, int offset) => BinaryPrimitives.ReadUInt16BigEndian(octets[offset..]);

    private static string Mac(ReadOnlySpan<byte> octets) =>
        new MacAddress((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32 | BinaryPrimitives.ReadUInt32BigEndian(octets[2..])).ToString();

    private static string Address4(ReadOnlySpan<byte> octets) => IpAddress.FormatV4(BinaryPrimitives.ReadUInt32BigEndian(octets));

    private static string Address6(ReadOnlySpan<byte> octets) => IpAddress.FormatV6(BinaryPrimitives.ReadUInt128BigEndian(octets));

    private static string Text(DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);
}
