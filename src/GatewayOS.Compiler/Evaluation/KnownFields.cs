using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Fields that physical processing and lookups read or write by themselves.</summary>
internal static class KnownFields
{
    /// <summary>The name that OVN gives port 0 in a match.</summary>
    public const string NoPort = "none";

    /// <summary>Stands for any input port that no flow asks about; no logical port has an empty line for a name.</summary>
    public const string OtherPort = "\n";

    public static readonly StorageBits Loopback = Bits("flags.loopback");

    /// <summary>MLF_RCV_FROM_RAMP (include/ovn/logical-fields.h), which has no name in the language: the packet is from a VTEP switch, and has gone through no router since.</summary>
    public static readonly StorageBits FromVtep = Bits("flags") with { Offset = 1, Width = 1 };

    public static readonly StorageBits EthSource = Bits("eth.src");
    public static readonly StorageBits EthDestination = Bits("eth.dst");
    public static readonly StorageBits Source4 = Bits("ip4.src");
    public static readonly StorageBits Destination4 = Bits("ip4.dst");
    public static readonly StorageBits Source6 = Bits("ip6.src");
    public static readonly StorageBits Destination6 = Bits("ip6.dst");

    public static readonly StorageBits Protocol = Bits("ip.proto");

    private static readonly StorageBits s_icmp4Type = Bits("icmp4.type");
    private static readonly StorageBits s_icmp6Type = Bits("icmp6.type");

    public static readonly StorageBits ArpOperation = Bits("arp.op");
    public static readonly StorageBits ArpSource = Bits("arp.spa");
    public static readonly StorageBits ArpDestination = Bits("arp.tpa");
    public static readonly StorageBits ArpEthSource = Bits("arp.sha");
    public static readonly StorageBits ArpEthDestination = Bits("arp.tha");

    public static StorageBits Source(PacketClass packetClass) => packetClass.IsIpv6() ? Source6 : packetClass.IsArp() ? ArpSource : Source4;

    public static StorageBits Destination(PacketClass packetClass) => packetClass.IsIpv6() ? Destination6 : packetClass.IsArp() ? ArpDestination : Destination4;

    public static StorageBits IcmpType(PacketClass packetClass) => packetClass.IsIpv6() ? s_icmp6Type : s_icmp4Type;

    private static StorageBits Bits(string name) => SymbolTable.For(LanguageVersion.Any)[name].Whole.Bits;
}
