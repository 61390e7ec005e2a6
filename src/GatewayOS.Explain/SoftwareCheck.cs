using System.Globalization;
using System.Runtime.CompilerServices;
using GatewayOS.Bmv2;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>Which check of p4/README.md, "Class 0: what software always does", a packet fails first, with the values that fail it.</summary>
/// <remarks>
/// The same checks as in <c>p4/stages/classify.p4</c>, in the same order, on the fields that the parser has read; a test runs both on every
/// kind of packet and compares the reasons.
/// </remarks>
internal sealed class SoftwareCheck(PacketTrace trace, byte[] frame)
{
    private const int TunnelGeneve = 1;

    private static readonly string[] s_headers =
    [
        "outer_ethernet", "outer_ipv4", "outer_udp", "geneve", "ovn_option", "vxlan", "ethernet", "vlan", "ipv4", "ipv6", "arp", "tcp", "udp", "sctp", "icmp",
    ];

    private static readonly int[] s_extensions = [0, 43, 50, 51, 60, 135];

    private static readonly int[] s_controlPorts = [67, 68, 546, 547, 3784, 4784];

    /// <summary>Null for a packet that the tables are asked about.</summary>
    public (PuntReason Reason, string Detail)? Find() => Frame() ?? (trace.Has("ipv4") ? Ipv4() : trace.Has("ipv6") ? Ipv6() : trace.Has("arp") ? Arp() : NotIp()) ?? Transport();

    private int this[string field] => (int)trace[field];

    private int Room => this["meta.frame_len"] - 14;

    private (PuntReason, string)? Frame()
    {
        if (this["standard_metadata.parser_error"] != 0)
        {
            var whole = s_headers.Where(trace.Has).ToList();
            return (PuntReason.Malformed, whole.Count == 0
                ? Text($"the frame of {frame.Length} octets ends in its first headers")
                : Text($"the frame of {frame.Length} octets ends inside a header; read whole: {string.Join(", ", whole)}"));
        }

        if (this["meta.tunnel_type"] != 0 && Tunnel() is { } tunnel)
        {
            return (PuntReason.TunnelHeader, tunnel);
        }

        var (source, destination) = (new MacAddress((ulong)trace["ethernet.src"]), new MacAddress((ulong)trace["ethernet.dst"]));
        if (source.IsMulticast)
        {
            return (PuntReason.GroupAddress, $"eth.src {source}");
        }

        if (source == destination)
        {
            return (PuntReason.Martian, $"eth.src and eth.dst are both {source}");
        }

        return VlanStack() is { } tags ? (PuntReason.VlanStack, tags) : null;
    }

    private string? Tunnel()
    {
        if (!trace.Has("ethernet"))
        {
            return this["meta.tunnel_type"] == TunnelGeneve ? Geneve() : "the VXLAN flags are other than I, or reserved bits are set";
        }

        return this["outer_ipv4.total_len"] != frame.Length - 14 ? Text($"the outer IPv4 length is {this["outer_ipv4.total_len"]} in a frame with room for {frame.Length - 14}")
            : this["outer_udp.len"] != frame.Length - 34 ? Text($"the outer UDP length is {this["outer_udp.len"]} in a frame with room for {frame.Length - 34}")
            : this["outer_ipv4.ecn"] == 3 ? "the outer header is marked for congestion (ECN CE), which has to be told inside"
            : null;
    }

    private string Geneve() =>
        this["geneve.version"] != 0 ? Text($"Geneve version {this["geneve.version"]}")
        : this["geneve.oam"] != 0 ? "a Geneve control packet (O bit)"
        : this["geneve.protocol"] != 0x6558 ? Text($"a Geneve payload of type 0x{this["geneve.protocol"]:x4}, not Ethernet")
        : this["geneve.opt_len"] != 2 ? Text($"{this["geneve.opt_len"] * 4} octets of Geneve options, OVN sends 8")
        : (this["meta.rx_in_key"] & 0x8000) != 0 ? Text($"a logical input port of 16 bits (0x{this["meta.rx_in_key"]:x4})")
        : "a Geneve option that is not OVN's (class 0x0102, type 0x80, 4 octets)";

    private string? VlanStack() =>
        this["ethernet.ether_type"] == 0x88a8 ? "a service tag (0x88a8)"
        : !trace.Has("vlan") ? null
        : this["meta.tunnel_type"] != 0 ? Text($"a VLAN tag ({this["vlan.vid"]}) inside a tunnel")
        : this["vlan.ether_type"] is 0x8100 or 0x88a8 ? Text($"another tag behind VLAN {this["vlan.vid"]}")
        : null;

    // As it came: an answer to ARP goes to another address.
    private MacAddress Destination => new(Inner(0, 6));

    private bool IsGroup => Destination.IsMulticast;

    // Of IP only multicast in frames for it, of ARP only what is for all.
    private (PuntReason, string) Group() => (PuntReason.GroupAddress, $"eth.dst {Destination}");

    // Who reports groups does it by an option.
    private (PuntReason, string) Beyond(string what) => IsGroup ? (PuntReason.GroupAddress, $"eth.dst {Destination}, {what}") : (PuntReason.OptionsOrExtensions, what);

    private (PuntReason, string)? Arp()
    {
        var start = Inner(12, 2) == 0x8100 ? 18 : 14;
        var (kinds, operation, sender) = (Inner(start, 6), Inner(start + 6, 2), Inner(start + 8, 6));
        return IsGroup && Destination.Value != 0xffff_ffff_ffff ? Group()
            : kinds != 0x0001_0800_0604 ? (PuntReason.NotIp, "ARP for something else than IPv4 over Ethernet")
            : operation != 1 ? (PuntReason.NotIp, Text($"ARP operation {operation}"))
            : sender != Inner(6, 6) ? (PuntReason.NotIp, $"an ARP request of {new MacAddress(sender)} in a frame of another sender")
            : null;
    }

    private ulong Inner(int offset, int length)
    {
        var start = offset + this["meta.tunnel_type"] switch { TunnelGeneve => 58, 0 => 0, _ => 50 };
        return frame.AsSpan(start, length).ToArray().Aggregate(0UL, (value, octet) => value << 8 | octet);
    }

    private (PuntReason, string)? NotIp() =>
        (PuntReason.NotIp, Text($"eth.type 0x{(trace.Has("vlan") ? this["vlan.ether_type"] : this["ethernet.ether_type"]):x4}"));

    private (PuntReason, string)? Ipv4()
    {
        var (first, length, fragment) = (this["ipv4.version_ihl"], this["ipv4.total_len"], this["ipv4.fragment"]);
        return first != 0x45
                ? first >> 4 == 4 && (first & 0xf) > 5
                    ? Beyond(Text($"an IPv4 header of {(first & 0xf) * 4} octets"))
                    : (PuntReason.Malformed, Text($"IPv4 version {first >> 4}, header length {(first & 0xf) * 4} octets"))
            : length < 20 || length > Room ? (PuntReason.Malformed, Text($"an IPv4 length of {length} octets where {Room} follow"))
            : (fragment & 0x3fff) != 0 ? (PuntReason.Fragment, Text($"offset {(fragment & 0x1fff) * 8}{((fragment & 0x2000) != 0 ? ", more fragments follow" : "")}"))
            : IsGroup && (Destination.Value >> 23 != 0x0200bc || (uint)trace["ipv4.dst"] >> 28 != 0xe) ? Group()
            : Martian4("ipv4.src", mayBeMulticast: false) ?? Martian4("ipv4.dst", IsGroup)
            ?? (this["ipv4.proto"] is 0 or 2 ? (PuntReason.ControlProtocol, this["ipv4.proto"] == 2 ? "IGMP" : "IPv4 protocol 0") : null);
    }

    private (PuntReason, string)? Martian4(string field, bool mayBeMulticast)
    {
        var address = (uint)trace[field];
        return address >> 24 is 0 or 127 || (!mayBeMulticast && address >> 29 == 7) ? (PuntReason.Martian, $"{field} {IpAddress.FormatV4(address)}") : null;
    }

    private (PuntReason, string)? Ipv6()
    {
        var (version, length, next) = (this["ipv6.version"], this["ipv6.payload_len"], this["ipv6.proto"]);
        return version != 6 ? (PuntReason.Malformed, Text($"IP version {version} in an IPv6 frame"))
            // As in the program: 16 bits, so that a frame too short for the header is not seen here.
            : length > (ushort)(Room - 40) ? (PuntReason.Malformed, Text($"an IPv6 payload length of {length} octets where {Room - 40} follow"))
            : s_extensions.Contains(next) ? Beyond(Text($"IPv6 next header {next}"))
            : next == 44 ? (PuntReason.Fragment, "IPv6 next header 44")
            : IsGroup && (Destination.Value >> 32 != 0x3333 || trace["ipv6.dst"] >> 120 != 0xff) ? Group()
            : Martian6("ipv6.src", mayBeMulticast: false) ?? Martian6("ipv6.dst", IsGroup);
    }

    private (PuntReason, string)? Martian6(string field, bool mayBeMulticast)
    {
        var address = trace[field];
        return address >> 1 == 0 || (!mayBeMulticast && address >> 120 == 0xff) ? (PuntReason.Martian, $"{field} {IpAddress.FormatV6(address)}") : null;
    }

    private (PuntReason, string)? Transport()
    {
        var length = this["meta.l4_len"];
        return this["standard_metadata.checksum_error"] == 1 ? (PuntReason.Checksum, WrongChecksum.Of(trace, frame))
            : !IsGroup && this["meta.ttl"] < Pipeline.TtlGuard ? (PuntReason.TimeToLive, Text($"ip.ttl {this["meta.ttl"]}, below {Pipeline.TtlGuard}"))
            : trace.Has("tcp") ? Tcp(length)
            : trace.Has("udp") ? Udp(length)
            : trace.Has("icmp") ? Icmp(length)
            : trace.Has("sctp") && length < 12 ? (PuntReason.Malformed, Text($"{length} octets of SCTP, a header has 12"))
            : null;
    }

    private (PuntReason, string)? Tcp(int length) => this["tcp.data_offset"] * 4 is var header && (header < 20 || header > length)
        ? (PuntReason.Malformed, Text($"a TCP header of {header} octets in a segment of {length}"))
        : null;

    private (PuntReason, string)? Udp(int length)
    {
        var (source, destination) = (this["udp.src_port"], this["udp.dst_port"]);
        return this["udp.len"] < 8 || this["udp.len"] != length ? (PuntReason.Malformed, Text($"a UDP length of {this["udp.len"]} in an IP payload of {length} octets"))
            : s_controlPorts.Contains(source) ? (PuntReason.ControlProtocol, Text($"udp.src {source}"))
            : s_controlPorts.Contains(destination) ? (PuntReason.ControlProtocol, Text($"udp.dst {destination}"))
            : null;
    }

    private (PuntReason, string)? Icmp(int length) =>
        length < 8 ? (PuntReason.Malformed, Text($"{length} octets of ICMP, a header has 8"))
        : trace.Has("ipv6") && this["icmp.type"] >= 130 ? (PuntReason.ControlProtocol, Text($"icmp6.type {this["icmp.type"]}"))
        : this["meta.tunnel_type"] != 0 && (trace.Has("ipv6") ? this["icmp.type"] == 2 : this["icmp.type"] == 3 && this["icmp.code"] == 4)
            ? (PuntReason.ControlProtocol, "that a packet was too big, by a tunnel")
        : null;

    private static string Text(DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);
}
