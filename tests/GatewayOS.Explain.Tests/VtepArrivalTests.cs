using GatewayOS.Compiler;
using GatewayOS.Core;
using GatewayOS.Explain.Packets;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Explain.Tests;

public sealed class VtepArrivalTests
{
    private const string Flow = "inport == \"rack\" && eth.src == 02:00:00:00:00:07 && eth.dst == 02:00:00:00:00:08 && ip4 && ip4.src == 10.1.0.7 && ip4.dst == 10.1.0.8 && ip.ttl == 64 && udp && udp.src == 1 && udp.dst == 2";

    [Fact]
    public void A_packet_of_a_VTEP_switch_names_no_logical_port_and_the_explanation_does()
    {
        var made = Maker("vxlan").Make(Flow, null);

        Assert.Equal(4, made.Port);
        Assert.Equal([0x12, 0xb5], made.Octets[36..38]);
        Assert.Equal([0, 0x20, 7, 0], made.Octets[46..50]);
        Assert.Contains("tor is a VTEP switch and sends it here by VXLAN: datapath 8199, no logical ports; it comes in by 'rack', which the datapath has on that switch", made.Remarks);
    }

    [Fact]
    public void By_another_kind_of_tunnel_it_does_not_come_here() =>
        Assert.Contains("not VXLAN", Assert.Throws<ExplainException>(() => Maker("geneve").Make(Flow, null)).Message, StringComparison.Ordinal);

    private static PacketMaker Maker(string type)
    {
        Encap Encap(string chassis, string ip) => new() { Uuid = Guid.NewGuid(), ChassisName = chassis, Type = type, Ip = ip };
        var (own, far, datapath) = (Encap("self", "10.0.0.1"), Encap("tor", "10.0.0.2"), new DatapathBinding { Uuid = Guid.NewGuid(), TunnelKey = 0x2007 });
        Chassis self = new() { Uuid = Guid.NewGuid(), Name = "self", Encaps = [own.Uuid] }, tor = new() { Uuid = Guid.NewGuid(), Name = "tor", Encaps = [far.Uuid] };
        return new PacketMaker(
            Southbound.Empty with
            {
                Chassis = Table.Create([self, tor]),
                Encaps = Table.Create([own, far]),
                DatapathBindings = Table.Create([datapath]),
                PortBindings = Table.Create([new PortBinding { Uuid = Guid.NewGuid(), LogicalPort = "rack", Type = "vtep", Datapath = datapath.Uuid, TunnelKey = 3, Chassis = tor.Uuid }]),
            },
            "self",
            new DeviceView([], [new TunnelPath(0x0a00_0002, 0x0a00_0001, 4, new MacAddress(0x0200_0000_0001), new MacAddress(0x0200_0000_0002), 1600)]));
    }
}
