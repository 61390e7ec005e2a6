using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Packets;

/// <summary>The fields that actions and physical steps touch by themselves.</summary>
public sealed class PacketFields(SymbolTable symbols)
{
    private readonly Field[] _registers =
        [.. new[] { "xxreg0", "xxreg1", "xreg4" }.Select(name => symbols[name])];

    private readonly Field[] _connection =
        [.. new[] { "ct_state", "ct_mark", "ct_label", "ct_proto", "udp.src", "udp.dst" }.Select(name => symbols.AclTranslation[name])];

    private readonly Field[] _aboveLink = [.. symbols.Fields.Where(IsAboveLink)];

    public StorageBits InPort { get; } = Bits(symbols, "inport");

    public StorageBits OutPort { get; } = Bits(symbols, "outport");

    public StorageBits Flags { get; } = Bits(symbols, "flags");

    public StorageBits Loopback { get; } = Bits(symbols, "flags.loopback");

    public StorageBits ConnectionState { get; } = Bits(symbols, "ct_state");

    public StorageBits ConnectionMark { get; } = Bits(symbols, "ct_mark");

    public StorageBits ConnectionLabel { get; } = Bits(symbols, "ct_label");

    /// <summary>The protocol of the connection, as its first packet had it; likewise the ports.</summary>
    public StorageBits OriginalProtocol { get; } = Bits(symbols.AclTranslation, "ct_proto");

    public StorageBits OriginalSourcePort { get; } = Bits(symbols.AclTranslation, "udp.src");

    public StorageBits OriginalDestinationPort { get; } = Bits(symbols.AclTranslation, "udp.dst");

    public StorageBits PacketMark { get; } = Bits(symbols, "pkt.mark");

    public StorageBits EthSource { get; } = Bits(symbols, "eth.src");

    public StorageBits EthDestination { get; } = Bits(symbols, "eth.dst");

    public StorageBits EthType { get; } = Bits(symbols, "eth.type");

    public StorageBits VlanTci { get; } = Bits(symbols, "vlan.tci");

    public StorageBits Protocol { get; } = Bits(symbols, "ip.proto");

    public StorageBits HopLimit { get; } = Bits(symbols, "ip.ttl");

    public StorageBits Fragment { get; } = Bits(symbols, "ip.frag");

    public StorageBits Ip4Source { get; } = Bits(symbols, "ip4.src");

    public StorageBits Ip4Destination { get; } = Bits(symbols, "ip4.dst");

    public StorageBits Ip6Source { get; } = Bits(symbols, "ip6.src");

    public StorageBits Ip6Destination { get; } = Bits(symbols, "ip6.dst");

    public StorageBits ArpOperation { get; } = Bits(symbols, "arp.op");

    public StorageBits ArpSenderMac { get; } = Bits(symbols, "arp.sha");

    public StorageBits ArpSenderIp { get; } = Bits(symbols, "arp.spa");

    public StorageBits ArpTargetMac { get; } = Bits(symbols, "arp.tha");

    public StorageBits ArpTargetIp { get; } = Bits(symbols, "arp.tpa");

    public StorageBits Icmp4Type { get; } = Bits(symbols, "icmp4.type");

    public StorageBits Icmp4Code { get; } = Bits(symbols, "icmp4.code");

    public StorageBits Icmp6Type { get; } = Bits(symbols, "icmp6.type");

    public StorageBits Icmp6Code { get; } = Bits(symbols, "icmp6.code");

    public StorageBits SolicitationMac { get; } = Bits(symbols, "nd.sll");

    public StorageBits AdvertisementMac { get; } = Bits(symbols, "nd.tll");

    public StorageBits NeighborTarget { get; } = Bits(symbols, "nd.target");

    public StorageBits TcpFlags { get; } = Bits(symbols, "tcp.flags");

    public bool IsIp4(Packet packet) => packet[EthType] == EtherTypes.Ip4;

    public bool IsIp6(Packet packet) => packet[EthType] == EtherTypes.Ip6;

    public bool IsIp(Packet packet) => IsIp4(packet) || IsIp6(packet);

    /// <summary>The source or destination port of the packet's own transport protocol, or null when it has none.</summary>
    public StorageBits? TransportPort(Packet packet, bool isDestination)
    {
        var name = (byte)packet[Protocol] switch
        {
            IpProtocols.Tcp => "tcp",
            IpProtocols.Udp => "udp",
            IpProtocols.Sctp => "sctp",
            _ => null,
        };
        return name is null || !IsIp(packet) ? null : Bits(symbols, $"{name}.{(isDestination ? "dst" : "src")}");
    }

    public void ClearRegisters(Packet packet) => Clear(packet, _registers);

    /// <summary>The action <c>ct_clear</c>.</summary>
    public void ClearConnection(Packet packet)
    {
        Clear(packet, _connection);
        packet.Original = null;
    }

    /// <summary>Clears all headers but Ethernet and VLAN, for a packet that is made anew.</summary>
    public void ClearAboveLink(Packet packet) => Clear(packet, _aboveLink);

    /// <summary>Whether it is a register of OVN's, which is no part of what leaves.</summary>
    public bool IsMetadata(StorageRoot root) =>
        root == InPort.Root || root == OutPort.Root || root == Flags.Root || _registers.Any(field => field.Storage!.Value.Root == root);

    private static void Clear(Packet packet, Field[] fields)
    {
        foreach (var field in fields)
        {
            packet[field.Storage!.Value.Root] = 0;
        }
    }

    private static bool IsAboveLink(Field field) =>
        field is { Storage: not null, Parent: null, IsPredicate: false }
        && field.Name.Split('.')[0] is "ip" or "ip4" or "ip6" or "icmp4" or "icmp6" or "arp" or "nd" or "tcp" or "udp" or "sctp";

    private static StorageBits Bits(SymbolTable symbols, string name) => symbols[name].Storage!.Value;
}
