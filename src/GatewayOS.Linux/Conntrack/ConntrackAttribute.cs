namespace GatewayOS.Linux.Conntrack;

/// <summary>Numbers of linux/netfilter/nfnetlink.h and nfnetlink_conntrack.h.</summary>
internal static class ConntrackAttribute
{
    /// <summary>NETLINK_NETFILTER.</summary>
    public const int Protocol = 12;

    /// <summary>Multicast groups NFNLGRP_CONNTRACK_NEW, _UPDATE, _DESTROY.</summary>
    public const int GroupNew = 1, GroupUpdate = 2, GroupDestroy = 3;

    /// <summary>Message types: NFNL_SUBSYS_CTNETLINK in the high octet.</summary>
    public const ushort New = 0x100, Get = 0x101, Delete = 0x102;

    /// <summary>struct nfgenmsg: family 8, version 8, resource id 16.</summary>
    public const int HeaderSize = 4;

    public const byte FamilyUnspecified = 0, FamilyIPv4 = 2, FamilyIPv6 = 10;

    /// <summary>NLA_F_NESTED.</summary>
    public const ushort Nested = 0x8000;

    // CTA_*
    public const ushort TupleOriginal = 1, TupleReply = 2, Status = 3, ProtocolInfo = 4, Help = 5, TimeoutSeconds = 7, Mark = 8;
    public const ushort CountersOriginal = 9, CountersReply = 10, Id = 12, Zone = 18, MarkMask = 21, Labels = 22, LabelsMask = 23;

    // CTA_TUPLE_*, CTA_IP_*, CTA_PROTO_*
    public const ushort TupleIp = 1, TupleProtocol = 2, TupleZone = 3;
    public const ushort IPv4Source = 1, IPv4Destination = 2, IPv6Source = 3, IPv6Destination = 4;
    public const ushort ProtocolNumber = 1, SourcePort = 2, DestinationPort = 3;
    public const ushort IcmpId = 4, IcmpType = 5, IcmpCode = 6, Icmpv6Id = 7, Icmpv6Type = 8, Icmpv6Code = 9;

    // CTA_PROTOINFO_*
    public const ushort InfoTcp = 1, InfoSctp = 3;
    public const ushort StateOfTcp = 1, TcpFlagsOriginal = 4, TcpFlagsReply = 5;
    public const ushort StateOfSctp = 1;

    // CTA_COUNTERS_*, CTA_HELP_*
    public const ushort PacketCount = 1, OctetCount = 2, HelpName = 1;
}
