using GatewayOS.Bmv2;

namespace GatewayOS.Explain;

/// <summary>Tells which of a packet's checksums is wrong.</summary>
internal static class WrongChecksum
{
    private const int Ethernet = 14, Ipv4 = 20, Udp = 8, GeneveWithOption = 16, Vxlan = 8, Tag = 4;
    private const byte UdpProtocol = 17;

    public static string Of(PacketTrace trace, byte[] frame)
    {
        var start = 0;
        if (trace.Has("outer_udp"))
        {
            if (Sum(frame.AsSpan(Ethernet, Ipv4)) != 0xffff)
            {
                return "the outer IPv4 checksum";
            }

            if (frame[Ethernet + Ipv4 + 6] + frame[Ethernet + Ipv4 + 7] != 0 && !IsRight(frame, Ethernet, frame.Length - Ethernet - Ipv4))
            {
                return "the outer UDP checksum";
            }

            start = Ethernet + Ipv4 + Udp + (trace.Has("vxlan") ? Vxlan : GeneveWithOption);
        }

        var ip = start + Ethernet + (trace.Has("vlan") ? Tag : 0);
        if (trace.Has("ipv4") && Sum(frame.AsSpan(ip, Ipv4)) != 0xffff)
        {
            return "the IPv4 header checksum";
        }

        var protocol = trace.Has("tcp") ? "TCP" : trace.Has("udp") ? "UDP" : trace.Has("ipv6") ? "ICMPv6" : "ICMP";
        return $"the {protocol} checksum";
    }

    // Of UDP behind a plain IPv4 header, with its pseudo-header (RFC 768).
    private static bool IsRight(byte[] frame, int ip, int length)
    {
        byte[] covered = [.. frame.AsSpan(ip + 12, 8), 0, UdpProtocol, (byte)(length >> 8), (byte)length, .. frame.AsSpan(ip + Ipv4, length)];
        return Sum(covered) == 0xffff;
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
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

        return sum;
    }
}
