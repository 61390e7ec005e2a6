using GatewayOS.Core;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;

namespace GatewayOS.Reference.Evaluation;

/// <summary>The checks behind <c>check_in_port_sec()</c> and <c>check_out_port_sec()</c> (ovn-sb(5), actions; ovn-nb(5), port_security).</summary>
internal sealed class PortSecurity(PacketFields fields, bool isSimple)
{
    private const uint LimitedBroadcast = uint.MaxValue;
    private const int NeighborSolicitation = 135;
    private const int NeighborAdvertisement = 136;

    public bool AdmitsIn(ReferencePort port, Packet packet)
    {
        var entries = port.Security.Where(entry => entry.Mac.Value == packet[fields.EthSource]);
        return port.Security.Count == 0 || (isSimple ? entries.Take(1) : entries).Any(entry => AdmitsIn(entry, packet));
    }

    public bool AdmitsOut(ReferencePort port, Packet packet)
    {
        var entries = port.Security.Where(entry => entry.Mac.Value == packet[fields.EthDestination]);
        return port.Security.Count == 0 || (isSimple ? entries.Take(1) : entries).Any(entry => AdmitsOut(entry, packet));
    }

    private bool AdmitsIn(PortSecurityEntry entry, Packet packet) => (ushort)packet[fields.EthType] switch
    {
        EtherTypes.Arp => AdmitsArp(entry, packet),
        EtherTypes.Ip4 => entry.Addresses.Count == 0 || Has(entry, packet[fields.Ip4Source], isIp6: false) || IsDiscover(entry, packet),
        EtherTypes.Ip6 when entry.Addresses.Count == 0 => isSimple || AdmitsNeighborDiscovery(entry, packet),
        EtherTypes.Ip6 => AdmitsIp6(entry, packet) && AdmitsNeighborDiscovery(entry, packet),
        _ => isSimple || entry.Addresses.Count == 0,
    };

    private bool AdmitsOut(PortSecurityEntry entry, Packet packet) => (ushort)packet[fields.EthType] switch
    {
        EtherTypes.Ip4 => entry.Addresses.Count == 0 || (entry.HasIp4 && AdmitsTo4(entry, packet[fields.Ip4Destination])),
        EtherTypes.Ip6 => entry.Addresses.Count == 0
            || (entry.HasIp6 && (HasIp6(entry, packet[fields.Ip6Destination]) || packet[fields.Ip6Destination] >> 120 == 0xff)),
        _ => true,
    };

    private bool AdmitsTo4(PortSecurityEntry entry, UInt128 address) =>
        Has(entry, address, isIp6: false) || address == LimitedBroadcast || address >> 28 == 0xe
        || (!isSimple && entry.Addresses.Any(own => !own.Address.IsIpv6 && own.IsHostOfNetwork && own.Broadcast == address));

    private bool AdmitsArp(PortSecurityEntry entry, Packet packet) =>
        packet[fields.ArpSenderMac] == entry.Mac.Value
        && (entry.HasIp4 ? Has(entry, packet[fields.ArpSenderIp], isIp6: false) : isSimple || !entry.HasIp6);

    // A DHCP client has no address yet.
    private bool IsDiscover(PortSecurityEntry entry, Packet packet) =>
        (isSimple || entry.HasIp4)
        && packet[fields.Ip4Source] == 0 && packet[fields.Ip4Destination] == LimitedBroadcast && packet[fields.Protocol] == IpProtocols.Udp
        && packet[fields.TransportPort(packet, isDestination: false)!.Value] == 68 && packet[fields.TransportPort(packet, isDestination: true)!.Value] == 67;

    private bool AdmitsIp6(PortSecurityEntry entry, Packet packet) =>
        isSimple ? HasIp6(entry, packet[fields.Ip6Source]) : entry.HasIp6 && (HasIp6(entry, packet[fields.Ip6Source]) || IsAddressDetection(packet));

    // RFC 4862: before it has an address a host asks for it, and joins groups, from ::.
    private bool IsAddressDetection(Packet packet) =>
        packet[fields.Ip6Source] == 0 && packet[fields.Ip6Destination] >> 112 == 0xff02
        && packet[fields.Protocol] == IpProtocols.Icmp6 && packet[fields.Icmp6Code] == 0 && (int)packet[fields.Icmp6Type] is 131 or 143 or NeighborSolicitation;

    private bool AdmitsNeighborDiscovery(PortSecurityEntry entry, Packet packet)
    {
        if (packet[fields.Protocol] != IpProtocols.Icmp6)
        {
            return true;
        }

        return (int)packet[fields.Icmp6Type] switch
        {
            NeighborSolicitation => IsNoneOr(entry.Mac, packet[fields.SolicitationMac]),
            NeighborAdvertisement => IsNoneOr(entry.Mac, packet[fields.AdvertisementMac])
                && (!entry.HasIp6 || HasIp6(entry, packet[fields.NeighborTarget])),
            _ => true,
        };
    }

    private static bool IsNoneOr(MacAddress own, UInt128 mac) => mac == 0 || mac == own.Value;

    private bool HasIp6(PortSecurityEntry entry, UInt128 address) => Has(entry, address, isIp6: true) || address == entry.LinkLocal.Value;

    private bool Has(PortSecurityEntry entry, UInt128 address, bool isIp6) =>
        entry.Addresses.Any(own => own.Address.IsIpv6 == isIp6 && (isSimple ? own.Address.Value == address : own.Admits(address)));
}
