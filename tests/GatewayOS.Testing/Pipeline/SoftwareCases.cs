using System.Net;
using GatewayOS.Core;
using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Class 0: tables that would drop everything never see these packets.</summary>
internal static class SoftwareCases
{
    private const int IpOffset = 14;

    public static IEnumerable<PipelineCase> All()
    {
        PipelineEntity[] tables =
        [
            .. EnterPort(1, 10), .. EnterPort(1, 10, 5), .. EnterTunnel(10), Stage(TableNames.L2, 10, PipelineActions.Deny),
        ];
        foreach (var (what, frame, reason) in Frames())
        {
            yield return Punted($"Software gets, unchanged: {what}", tables, frame, reason);
        }
    }

    private static IEnumerable<(string What, byte[] Frame, PuntReason Reason)> Frames()
    {
        var tcp = Tcp.ToBytes();
        var udp = Tcp with { Proto = TestFrame.Udp };
        var tunnel = Tcp with { Tunnel = new() };
        yield return ("ARP to one host", [.. tcp[..12], 8, 6, .. new byte[46]], PuntReason.NotIp);
        yield return ("an Ethernet multicast", (Tcp with { EthDst = MacAddress.Parse("01:00:5e:00:00:05") }).ToBytes(), PuntReason.GroupAddress);
        yield return ("a group source address", (Tcp with { EthSrc = MacAddress.Parse("03:00:00:00:00:05") }).ToBytes(), PuntReason.GroupAddress);
        yield return ("two VLAN tags", [.. tcp[..12], 0x81, 0, 0, 5, 0x81, 0, 0, 6, .. tcp[12..]], PuntReason.VlanStack);
        yield return ("a service VLAN tag", [.. tcp[..12], 0x88, 0xa8, 0, 5, .. tcp[12..]], PuntReason.VlanStack);
        yield return ("a VLAN tag and ARP", [.. tcp[..12], 0x81, 0, 0, 5, 8, 6, .. new byte[46]], PuntReason.NotIp);
        yield return ("IPv4 options", Edited(tcp, (IpOffset, 0x46)), PuntReason.OptionsOrExtensions);
        yield return ("IPv4 options to a group", Edited((Tcp with { EthDst = MacAddress.Parse("01:00:5e:00:00:05") }).ToBytes(), (IpOffset, 0x46)), PuntReason.GroupAddress);
        yield return ("an IPv4 header of 16 octets", Edited(tcp, (IpOffset, 0x44)), PuntReason.Malformed);
        yield return ("version 5 in an IPv4 packet", Edited(tcp, (IpOffset, 0x55)), PuntReason.Malformed);
        yield return ("a first fragment", (Tcp with { Fragment = 0x2000 }).ToBytes(), PuntReason.Fragment);
        yield return ("a later fragment", (Tcp with { Fragment = 0x0007 }).ToBytes(), PuntReason.Fragment);
        yield return ("a fragment of a Geneve packet", (udp with { L4Dst = 6081, Fragment = 0x2000 }).ToBytes(), PuntReason.Fragment);
        yield return ("a wrong IPv4 checksum", Edited(tcp, (IpOffset + 10, (byte)(tcp[IpOffset + 10] ^ 1))), PuntReason.Checksum);
        yield return ("a wrong TCP checksum", (Tcp with { Spoil = 0x100 }).ToBytes(), PuntReason.Checksum);
        yield return ("a wrong UDP checksum", (udp with { Spoil = 1 }).ToBytes(), PuntReason.Checksum);
        yield return ("a wrong ICMP checksum", (Tcp with { Proto = TestFrame.Icmp, Spoil = 1 }).ToBytes(), PuntReason.Checksum);
        yield return ("no UDP checksum over IPv6", (TestFrame.V6 with { Proto = TestFrame.Udp, L4Checksum = false }).ToBytes(), PuntReason.Checksum);
        yield return ("a wrong ICMPv6 checksum", (TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = 128, Spoil = 1 }).ToBytes(), PuntReason.Checksum);
        yield return ("an IPv4 packet longer than its frame", tcp[..^1], PuntReason.Malformed);
        yield return ("a frame that ends in the TCP header", tcp[..50], PuntReason.Malformed);
        yield return ("a frame that ends in the IPv4 header", tcp[..30], PuntReason.Malformed);
        yield return ("an IPv6 packet longer than its frame", TestFrame.V6.ToBytes()[..^1], PuntReason.Malformed);
        yield return ("a TCP header longer than its segment", Patched(tcp, 46, 0xf0), PuntReason.Malformed);
        yield return ("a TTL of 7", (Tcp with { Ttl = 7 }).ToBytes(), PuntReason.TimeToLive);
        yield return ("a hop limit of 7", (TestFrame.V6 with { Ttl = 7 }).ToBytes(), PuntReason.TimeToLive);
        foreach (var address in new[] { "0.1.2.3", "127.0.0.1", "224.0.0.5", "240.0.0.1", "255.255.255.255" })
        {
            yield return ($"the source {address}", (Tcp with { Src = IPAddress.Parse(address) }).ToBytes(), PuntReason.Martian);
            yield return ($"the destination {address}", (Tcp with { Dst = IPAddress.Parse(address) }).ToBytes(), PuntReason.Martian);
        }

        foreach (var address in new[] { "::", "::1", "ff02::1" })
        {
            yield return ($"the source {address}", (TestFrame.V6 with { Src = IPAddress.Parse(address) }).ToBytes(), PuntReason.Martian);
            yield return ($"the destination {address}", (TestFrame.V6 with { Dst = IPAddress.Parse(address) }).ToBytes(), PuntReason.Martian);
        }

        foreach (var header in new byte[] { 0, 43, 50, 51, 60, 135 })
        {
            yield return ($"the IPv6 extension header {header}", (TestFrame.V6 with { Proto = header }).ToBytes(), PuntReason.OptionsOrExtensions);
            yield return ($"the IPv6 extension header {header} to a group", (TestFrame.V6 with { Proto = header, EthDst = MacAddress.Parse("33:33:00:00:00:16") }).ToBytes(), PuntReason.GroupAddress);
        }

        yield return ("an IPv6 fragment", (TestFrame.V6 with { Proto = 44 }).ToBytes(), PuntReason.Fragment);
        yield return ("IGMP", (Tcp with { Proto = 2 }).ToBytes(), PuntReason.ControlProtocol);
        foreach (var type in new byte[] { 130, 133, 134, 135, 136, 143 })
        {
            yield return ($"ICMPv6 type {type}", (TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = type }).ToBytes(), PuntReason.ControlProtocol);
        }

        foreach (var port in new ushort[] { 67, 68, 546, 547, 3784, 4784 })
        {
            yield return ($"UDP to port {port}", (udp with { L4Dst = port }).ToBytes(), PuntReason.ControlProtocol);
            yield return ($"UDP from port {port}", (TestFrame.V6 with { Proto = TestFrame.Udp, L4Src = port }).ToBytes(), PuntReason.ControlProtocol);
        }

        yield return ("a Geneve packet without options", (tunnel with { Tunnel = new() { GeneveWord = 0x0040 } }).ToBytes(), PuntReason.TunnelHeader);
        yield return ("a Geneve control packet", (tunnel with { Tunnel = new() { GeneveWord = 0x02c0 } }).ToBytes(), PuntReason.TunnelHeader);
        yield return ("another version of Geneve", (tunnel with { Tunnel = new() { GeneveWord = 0x4240 } }).ToBytes(), PuntReason.TunnelHeader);
        yield return ("a Geneve option of another class", (tunnel with { Tunnel = new() { OptionClass = 0x0103 } }).ToBytes(), PuntReason.TunnelHeader);
        yield return ("a logical ingress port of 16 bits", (tunnel with { Tunnel = new() { InKey = 0x8003 } }).ToBytes(), PuntReason.TunnelHeader);
        yield return ("a congestion mark on a tunnel packet", (tunnel with { Tunnel = new() { Tos = 3 } }).ToBytes(), PuntReason.TunnelHeader);
        yield return ("a tunnel packet with padding", [.. tunnel.ToBytes(), 0], PuntReason.TunnelHeader);
        yield return ("a VLAN tag inside a tunnel", (tunnel with { Vlan = 5 }).ToBytes(), PuntReason.VlanStack);
        yield return ("a wrong outer UDP checksum", (tunnel with { Tunnel = new() { Spoil = 1 } }).ToBytes(), PuntReason.Checksum);
        yield return ("a wrong checksum inside a tunnel", (tunnel with { Spoil = 1 }).ToBytes(), PuntReason.Checksum);
        yield return ("a packet that was too big, by a tunnel", (tunnel with { Proto = TestFrame.Icmp, IcmpType = 3, IcmpCode = 4 }).ToBytes(), PuntReason.ControlProtocol);
        yield return ("an IPv6 packet that was too big, by a tunnel", (TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = 2, Tunnel = new() }).ToBytes(), PuntReason.ControlProtocol);
        yield return ("ARP inside a tunnel", new TunnelLayer().Wrap([.. tcp[..12], 8, 6, .. new byte[28]]), PuntReason.NotIp);
        yield return ("a tunnel packet that ends in the inner header", new TunnelLayer().Wrap(tcp[..30]), PuntReason.Malformed);
    }

    // With the IPv4 checksum made good again, except where the checksum is what was edited.
    private static byte[] Edited(byte[] frame, (int Offset, byte Value) edit)
    {
        byte[] copy = [.. frame];
        copy[edit.Offset] = edit.Value;
        if (edit.Offset != IpOffset + 10)
        {
            copy[IpOffset + 10] = copy[IpOffset + 11] = 0;
            InternetChecksum.Big16(InternetChecksum.Compute(copy[IpOffset..(IpOffset + 20)])).CopyTo(copy, IpOffset + 10);
        }

        return copy;
    }

    // With the TCP checksum made good again.
    private static byte[] Patched(byte[] frame, int offset, byte value)
    {
        byte[] copy = [.. frame];
        const int Checksum = 50;
        copy[offset] = value;
        copy[Checksum] = copy[Checksum + 1] = 0;
        byte[] segment = copy[34..];
        byte[] pseudo = [.. copy[26..34], 0, 6, .. InternetChecksum.Big16(segment.Length)];
        InternetChecksum.Big16(InternetChecksum.Compute(pseudo, segment)).CopyTo(copy, Checksum);
        return copy;
    }
}
