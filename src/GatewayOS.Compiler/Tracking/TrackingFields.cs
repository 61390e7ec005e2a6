using GatewayOS.Connections;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>The fields of the flow language that a connection fixes, or that conntrack writes.</summary>
internal static class TrackingFields
{
    /// <summary>The zone that the packet was tracked in last, if that has translated it; 0 for none.</summary>
    /// <remarks>Its name makes it go where ct_state goes: with a patch port, and with ct_clear.</remarks>
    public static readonly StorageBits TranslatedIn = new(new StorageRoot("ct_translated_in", 16), 0, 16);

    /// <summary>The identifier of an ICMP echo, which the flow language does not have.</summary>
    public static readonly StorageBits EchoId = new(new StorageRoot("icmp.id", 16), 0, 16);

    public static readonly StorageBits State = Bits("ct_state");
    public static readonly StorageBits Mark = Bits("ct_mark");
    public static readonly StorageBits Label = Bits("ct_label");
    public static readonly StorageBits Protocol = Bits("ip.proto");
    public static readonly StorageBits TcpFlags = Bits("tcp.flags");

    private static readonly StorageBits[] s_addresses = [Bits("ip4.src"), Bits("ip4.dst"), Bits("ip6.src"), Bits("ip6.dst")];
    private static readonly StorageBits[] s_tcp = [Bits("tcp.src"), Bits("tcp.dst")];
    private static readonly StorageBits[] s_udp = [Bits("udp.src"), Bits("udp.dst")];
    private static readonly StorageBits[] s_icmp = [Bits("icmp4.type"), Bits("icmp4.code"), Bits("icmp6.type"), Bits("icmp6.code")];

    public static StorageBits Source(bool isIpv6) => s_addresses[isIpv6 ? 2 : 0];

    public static StorageBits Destination(bool isIpv6) => s_addresses[isIpv6 ? 3 : 1];

    /// <summary>Source and destination port; null for ICMP.</summary>
    public static (StorageBits Source, StorageBits Destination)? Ports(TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => (s_tcp[0], s_tcp[1]),
        TransportProtocol.Udp => (s_udp[0], s_udp[1]),
        TransportProtocol.None or TransportProtocol.Icmp or TransportProtocol.Icmpv6 or TransportProtocol.Sctp => null,
        _ => null,
    };

    public static (StorageBits Type, StorageBits Code) Icmp(bool isIpv6) => isIpv6 ? (s_icmp[2], s_icmp[3]) : (s_icmp[0], s_icmp[1]);

    private static StorageBits Bits(string name) => SymbolTable.For(LanguageVersion.Any)[name].Whole.Bits;
}
