using GatewayOS.Core;
using GatewayOS.Differential.Tests.Comparison;
using GatewayOS.Differential.Tests.Running;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>
/// Random packets: most could be real and go deep into the pipelines, with addresses of the topology and at its edges; the others are spoiled
/// in one or two ways (<see cref="Spoiling"/>).
/// </summary>
internal sealed class PacketSource(Landscape landscape, Dice dice)
{
    private const int SpoiledShare = 22;

    private const int PingShare = 10;

    private const int VtepShare = 40;

    // Of ICMP: that a packet was too big goes its own way through OVN's tunnels since 24.03.
    private const int TooBigShare = 8;

    private const int ManyShare = 15, GroupShare = 12;

    private uint _number;

    public TestPacket Next()
    {
        var draft = new PacketDraft { IsIpv6 = dice.Percent(45) };
        Payload(draft);
        var (card, kind) = dice.Weighted((50, 0), (50, 1), (landscape.Machines.Count == 0 ? 0 : 40, 2)) switch
        {
            0 => (Card.Underlay.Number, FromTunnel(draft)),
            1 => (Card.Provider.Number, FromProvider(draft)),
            _ => FromMachine(draft),
        };
        if (draft.EthSource == draft.EthDestination)
        {
            // A learning bridge drops it: the destination is where it comes from.
            draft.EthSource ^= 0x0100;
        }

        kind += Many(draft, card) ?? (draft.IsIpv6 ? " v6" : " v4");
        if (draft.ArpOperation is null && dice.Percent(SpoiledShare))
        {
            for (var count = dice.Weighted((4, 1), (1, 2)); count > 0; count--)
            {
                Spoiling.Apply(draft, dice);
            }

            kind += ", odd";
        }

        _number++;
        return new TestPacket(card, _number, kind, draft.ToOctets(_number, landscape.World.Cards[card - 1].Mtu));
    }

    // ARP and multicast. Who asks is who it says it is: a router would learn everything else, and the network be another one.
    private string? Many(PacketDraft draft, int card)
    {
        if (draft.Tunnel is not null || dice.Percent(100 - ManyShare))
        {
            return null;
        }

        if (draft.IsIpv6 || dice.Percent(20))
        {
            ToAddressOfGroup(draft);
            return " multicast";
        }

        var (port, machine) = (landscape.RouterPorts.FirstOrDefault(port => port.Mac.Value == draft.EthDestination), landscape.Machines.FirstOrDefault(machine => machine.Card == card && machine.Macs.Any(mac => mac.Value == draft.EthSource)));
        if (card == Card.Provider.Number)
        {
            if (port is null)
            {
                return null;
            }

            (draft.Source, var mac) = port.Acquaintances.Where(known => !landscape.OwnMacs.Contains(known.Mac)).ToList() is { Count: > 0 } known && dice.Percent(85)
                ? dice.Pick(known) : ((UInt128)(0xac100900u + (uint)dice.Below(4)), new MacAddress(0x0600_0000_0100));
            draft.EthSource = mac.Value;
        }
        else if (machine is null || OwnAddress(draft, machine) is not { } own)
        {
            return null;
        }
        else
        {
            draft.Source = own;
        }

        draft.ArpOperation = 1;
        draft.Destination = port is not null && port.Addresses.Where(address => !address.IsIpv6).Select(address => address.Value).ToList() is { Count: > 0 } asked && dice.Percent(60) ? dice.Pick(asked)
            : dice.Weighted((60, landscape.Addresses4.Spoken(dice)), (30, landscape.Addresses4.Machine(dice)), (10, landscape.Addresses4.Random(dice)));
        draft.EthDestination = dice.Percent(75) ? 0xffff_ffff_ffff : draft.EthDestination;
        return " ARP";
    }

    private void ToAddressOfGroup(PacketDraft draft)
    {
        draft.Destination = draft.IsIpv6 ? ((UInt128)0xff02 << 112) | (uint)dice.OneOf(1, 0xfb, 0x1_0002) : (UInt128)dice.OneOf(0xe00000fbu, 0xe0000012u, 0xeffffffau);
        draft.EthDestination = draft.IsIpv6 ? 0x3333_0000_0000 | (ulong)(uint)draft.Destination : 0x0100_5e00_0000 | (ulong)((uint)draft.Destination & 0x7fffff);
    }

    private AddressPool Addresses(PacketDraft draft) => draft.IsIpv6 ? landscape.Addresses6 : landscape.Addresses4;

    private string FromProvider(PacketDraft draft)
    {
        var reachable = landscape.RouterPorts.Where(port => port.Vlan is not null).ToList();
        draft.EthSource = dice.Pick(landscape.OtherMacs).Value;
        draft.Source = dice.Weighted((50, Addresses(draft).Spoken(dice)), (40, Addresses(draft).Random(dice)), (6, Addresses(draft).Machine(dice)), (2, Addresses(draft).Odd(dice)));
        draft.Destination = dice.Weighted((70, Addresses(draft).Machine(dice)), (20, Addresses(draft).Spoken(dice)), (5, Addresses(draft).Random(dice)), (2, Addresses(draft).Odd(dice)));
        if (reachable.Count == 0 || dice.Percent(8))
        {
            Tag(draft, dice.Pick(landscape.Vlans));
            draft.EthDestination = dice.Percent(50) ? dice.Pick(landscape.OwnMacs).Value : dice.Pick(landscape.OtherMacs).Value;
            return $"{Way.Provider} -> elsewhere";
        }

        var port = dice.Pick(reachable);
        Tag(draft, port.Vlan!.Value);
        draft.EthDestination = port.Mac.Value;
        if (dice.Percent(60) && Strangers(port.Neighbors) is { Count: > 0 } known)
        {
            draft.EthSource = dice.Pick(known).Value;
        }

        Ping(draft, port);
        return $"{Way.Provider} -> {(port.IsOfGatewayRouter ? "gateway" : "distributed")} router";
    }

    // A bridge that sees an address of the network's own come from outside believes that it has moved there.
    private List<MacAddress> Strangers(IEnumerable<MacAddress> neighbors) => [.. neighbors.Except(landscape.OwnMacs)];

    private string FromTunnel(PacketDraft draft)
    {
        var chassis = dice.Pick(landscape.World.Tunnels);
        var tunnel = draft.Tunnel = new TunnelDraft
        {
            EthDestination = StockChassis.LocalMac.Value,
            EthSource = chassis.Mac.Value,
            Source = 0xac1f0000u | chassis.Number,
            Destination = StockChassis.LocalIp,
            UdpSource = (ushort)(32768 + dice.Below(28000)),
            UdpDestination = (ushort)(chassis.IsVxlan ? 4789 : 6081),
            WithChecksum = chassis.Csum,
        };
        var from = chassis.IsVxlan ? Way.Vxlan : Way.Geneve;
        draft.Source = dice.Weighted((80, Addresses(draft).Machine(dice)), (15, Addresses(draft).Spoken(dice)), (3, Addresses(draft).Random(dice)), (2, Addresses(draft).Odd(dice)));
        draft.Destination = dice.Weighted((50, Addresses(draft).Spoken(dice)), (40, Addresses(draft).Random(dice)), (8, Addresses(draft).Machine(dice)), (2, Addresses(draft).Odd(dice)));
        if (chassis.IsVxlan && landscape.Vteps.Count > 0 && dice.Percent(VtepShare))
        {
            return FromVtep(draft, tunnel, landscape.Vteps.Where(vtep => vtep.Chassis == chassis.Name).ToList() is { Count: > 0 } own && dice.Percent(95) ? dice.Pick(own) : dice.Pick(landscape.Vteps));
        }

        if (landscape.Machines.Count > 0 && dice.Percent(30))
        {
            ToMachine(draft, tunnel, dice.Pick(landscape.Machines));
            return $"{from} -> machine";
        }

        if (landscape.Groups.Count > 0 && !chassis.IsVxlan && dice.Percent(GroupShare))
        {
            return $"{from} -> {ToGroup(draft, tunnel)}";
        }

        var entrances = landscape.RouterPorts.Where(port => port.Entrance is not null).ToList();
        if (entrances.Count == 0 || dice.Percent(10))
        {
            var any = dice.Pick(landscape.AnyKeys);
            Enter(tunnel, any);
            draft.EthSource = dice.Pick(landscape.OwnMacs).Value;
            draft.EthDestination = dice.Percent(70) ? dice.Pick(landscape.OwnMacs).Value : dice.Pick(landscape.OtherMacs).Value;
            return $"{from} -> elsewhere";
        }

        var port = dice.Pick(entrances);
        Enter(tunnel, port.Entrance!);
        if (port.IsOfGatewayRouter)
        {
            draft.EthSource = dice.Pick(landscape.OwnMacs).Value;
            draft.EthDestination = dice.Percent(95) ? port.Mac.Value : dice.Pick(landscape.OwnMacs).Value;
            Ping(draft, port);
            return $"{from} -> gateway router";
        }

        // The router's ingress pipeline ran on the other chassis: the addresses are those of the next hop already.
        draft.EthSource = port.Mac.Value;
        draft.EthDestination = port.Neighbors.Count > 0 && dice.Percent(90) ? dice.Pick(port.Neighbors).Value : dice.Pick(landscape.OwnMacs).Value;
        return $"{from} -> distributed router";
    }

    // No pipeline has run: the packet is as a machine sent it.
    private string FromVtep(PacketDraft draft, TunnelDraft tunnel, VtepPort vtep)
    {
        tunnel.Vni = (uint)vtep.Vni;
        draft.EthSource = vtep.Macs.Count > 0 && dice.Percent(90) ? dice.Pick(vtep.Macs).Value : dice.OneOf(0x0600_0000_0005UL, dice.Pick(landscape.OwnMacs).Value);
        draft.Source = dice.Weighted((85, Addresses(draft).Machine(dice)), (12, Addresses(draft).Spoken(dice)), (3, Addresses(draft).Odd(dice)));
        var (kind, destination) = dice.Weighted(
            (vtep.Routers.Count == 0 ? 0 : 55, ("router", vtep.Routers)), (vtep.Neighbors.Count == 0 ? 0 : 30, ("neighbour", vtep.Neighbors)),
            (15, ("elsewhere", [.. landscape.OwnMacs, .. landscape.OtherMacs])));
        draft.EthDestination = dice.Pick(destination).Value;
        draft.Destination = kind == "router"
            ? dice.Weighted((45, Addresses(draft).Spoken(dice)), (25, Addresses(draft).Random(dice)), (28, Addresses(draft).Machine(dice)), (2, Addresses(draft).Odd(dice)))
            : dice.Weighted((80, Addresses(draft).Machine(dice)), (18, Addresses(draft).Spoken(dice)), (2, Addresses(draft).Odd(dice)));
        if (kind == "router" && landscape.RouterPorts.FirstOrDefault(port => port.Mac.Value == draft.EthDestination) is { } router)
        {
            Ping(draft, router);
        }
        else if (kind == "elsewhere" && dice.Percent(60))
        {
            ToAddressOfGroup(draft);
            kind = "group";
        }

        return $"{Way.Vtep} -> {kind}";
    }

    // The switch's ingress pipeline ran on the other chassis, and has flooded the packet.
    private string ToGroup(PacketDraft draft, TunnelDraft tunnel)
    {
        var (group, mayAsk) = dice.Pick(landscape.Groups);
        Enter(tunnel, group);
        draft.EthSource = dice.Pick(landscape.OwnMacs).Value;
        switch (dice.Weighted((60, 0), (mayAsk && !draft.IsIpv6 ? 40 : 0, 1), (20, 2)))
        {
            case 0:
                ToAddressOfGroup(draft);
                return "group, multicast";
            case 1:
                (draft.ArpOperation, draft.EthDestination) = (1, 0xffff_ffff_ffff);
                return "group, ARP";
            default:
                draft.EthDestination = dice.Pick(landscape.OtherMacs).Value;
                return "group, unknown";
        }
    }

    // The switch's ingress pipeline, and perhaps a router, ran on the other chassis.
    private void ToMachine(PacketDraft draft, TunnelDraft tunnel, LocalMachine machine)
    {
        Enter(tunnel, machine.Key);
        EquatableArray<MacAddress> senders = [.. machine.Routers, .. machine.Neighbors];
        draft.EthSource = senders.Count > 0 && dice.Percent(90) ? dice.Pick(senders).Value : dice.Pick(landscape.OwnMacs).Value;
        draft.EthDestination = machine.Macs.Count > 0 && dice.Percent(92) ? dice.Pick(machine.Macs).Value : dice.Pick(landscape.OwnMacs).Value;
        draft.Source = dice.Weighted((40, Addresses(draft).Machine(dice)), (40, Addresses(draft).Spoken(dice)), (20, Addresses(draft).Random(dice)));
        draft.Destination = OwnAddress(draft, machine) is { } own && dice.Percent(85) ? own : Addresses(draft).Machine(dice);
    }

    private (int Card, string Kind) FromMachine(PacketDraft draft)
    {
        var machine = dice.Pick(landscape.Machines);
        Tag(draft, machine.Vlan);
        draft.EthSource = machine.Macs.Count > 0 && dice.Percent(92) ? dice.Pick(machine.Macs).Value : dice.OneOf(0x0600_0000_0005UL, dice.Pick(landscape.OwnMacs).Value);
        draft.Source = OwnAddress(draft, machine) is { } own && dice.Percent(85) ? own
            : dice.Weighted((40, Addresses(draft).Machine(dice)), (40, Addresses(draft).Spoken(dice)), (15, Addresses(draft).Random(dice)), (5, Addresses(draft).Odd(dice)));
        var (kind, destination) = dice.Weighted(
            (machine.Routers.Count == 0 ? 0 : 65, ("router", machine.Routers)), (machine.Neighbors.Count == 0 ? 0 : 25, ("neighbour", machine.Neighbors)),
            (10, ("elsewhere", [.. landscape.OwnMacs, .. landscape.OtherMacs])));
        draft.EthDestination = dice.Pick(destination).Value;
        draft.Destination = kind == "router"
            ? dice.Weighted((45, Addresses(draft).Spoken(dice)), (30, Addresses(draft).Random(dice)), (23, Addresses(draft).Machine(dice)), (2, Addresses(draft).Odd(dice)))
            : dice.Weighted((80, Addresses(draft).Machine(dice)), (18, Addresses(draft).Spoken(dice)), (2, Addresses(draft).Odd(dice)));
        if (landscape.RouterPorts.FirstOrDefault(port => port.Mac.Value == draft.EthDestination) is { } router)
        {
            Ping(draft, router);
        }

        return (machine.Card, $"{Way.Vif} -> {(landscape.MovingMacs.Contains(new MacAddress(draft.EthDestination)) ? "moving machine" : kind)}");
    }

    // Some ask whether the router itself is there.
    private void Ping(PacketDraft draft, RouterPort port)
    {
        if (dice.Percent(PingShare) && port.Addresses.Where(address => address.IsIpv6 == draft.IsIpv6).Select(address => address.Value).ToList() is { Count: > 0 } own)
        {
            draft.Destination = dice.Pick(own);
            (draft.Protocol, draft.L4Source, draft.L4Destination) = draft.IsIpv6 ? (Protocols.IcmpV6, (ushort)128, (ushort)0) : (Protocols.Icmp, (ushort)8, (ushort)0);
        }
    }

    private UInt128? OwnAddress(PacketDraft draft, LocalMachine machine) =>
        machine.Addresses.Where(address => address.IsIpv6 == draft.IsIpv6).Select(address => address.Value).ToList() is { Count: > 0 } own ? dice.Pick(own) : null;

    private void Enter(TunnelDraft tunnel, TunnelKey key)
    {
        if (tunnel.IsVxlan)
        {
            tunnel.Vni = (uint)(key.OutKey << 12 | key.Vni);
            return;
        }

        tunnel.Vni = (uint)key.Vni;
        tunnel.OutKey = (ushort)key.OutKey;
        tunnel.InKey = (ushort)(dice.Percent(92) ? dice.Pick(key.InKeys) : dice.Below(1 << 16));
    }

    private static void Tag(PacketDraft draft, int vlan)
    {
        if (vlan != 0)
        {
            draft.Tags.Add((0x8100, vlan));
        }
    }

    private void Payload(PacketDraft draft)
    {
        draft.Protocol = (byte)dice.Weighted<int>(
            (35, Protocols.Udp), (30, Protocols.Tcp), (20, draft.IsIpv6 ? Protocols.IcmpV6 : Protocols.Icmp), (5, Protocols.Sctp), (3, Protocols.Gre),
            (3, dice.Below(256)), (2, draft.IsIpv6 ? Protocols.Icmp : Protocols.IcmpV6));
        if (draft.Protocol is Protocols.Icmp or Protocols.IcmpV6)
        {
            draft.L4Source = (ushort)dice.Weighted<int>((70, (draft.Protocol == Protocols.Icmp ? 8 : 128)), (20, (draft.Protocol == Protocols.Icmp ? 0 : 129)), (10, dice.Below(256)));
            draft.L4Destination = (ushort)(dice.Percent(90) ? 0 : dice.Below(256));
            if (dice.Percent(TooBigShare))
            {
                (draft.L4Source, draft.L4Destination) = draft.Protocol == Protocols.Icmp ? ((ushort)3, (ushort)4) : ((ushort)2, (ushort)0);
            }
        }
        else
        {
            draft.L4Source = L4Port();
            draft.L4Destination = L4Port();
        }

        draft.TcpFlags = (byte)dice.Weighted<int>((50, 0x10), (20, 0x02), (10, 0x18), (20, dice.Below(256)));
        draft.NoUdpChecksum = dice.Percent(10);
        draft.Ttl = (byte)dice.Weighted<int>((60, 64), (20, 255), (3, 8), (3, 9), (2, 7), (2, 2), (1, 1), (1, 0), (8, dice.Below(256)));
        draft.TrafficClass = dice.Percent(75) ? (byte)0 : (byte)dice.Below(256);
        draft.FlowLabel = dice.Percent(50) ? 0 : (uint)dice.Below(1 << 20);
        draft.PayloadLength = dice.Weighted((80, dice.Below(120)), (10, 1400 + dice.Below(200)), (10, 0));
    }

    private ushort L4Port() => dice.Weighted(
        (55, (ushort)(1024 + dice.Below(60000))),
        (40, (ushort)(dice.Pick(landscape.L4Ports) + dice.OneOf(0, 0, 0, -1, 1))),
        (5, dice.OneOf<ushort>(0, 53, 67, 68, 546, 547, 3784, 4784, 6081, 4789, 65535)));
}
