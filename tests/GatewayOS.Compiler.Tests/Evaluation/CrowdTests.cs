using System.Globalization;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>Many routers on one switch, which have learned each other's addresses: what one sends to another is left to OVS.</summary>
public sealed class CrowdTests
{
    [Fact]
    public void Routers_of_a_crowd_that_were_learned_are_few_prefixes()
    {
        var behind = SmallNetwork.Behind(Network(64).Compile()).Where(entry => entry.Cause?.Reason == Reasons.Crowd).ToList();

        Assert.InRange(behind.Count, 1, 8);
    }

    [Fact]
    public void Few_routers_are_followed() => Assert.DoesNotContain(Reasons.Crowd, Network(PacketClasses.DetourLimit).Reasons());

    // Whoever sends is on the switch of the routers.
    [Fact]
    public void A_detour_by_one_of_more_routers_is_not() => Assert.Contains(Reasons.Crowd, Network(PacketClasses.DetourLimit + 1).Reasons());

    // Each port of a router has a peer with an address of its own.
    private static SmallNetwork Network(int routers)
    {
        var network = new SmallNetwork()
            .Ingress("ip4", "outport = \"a0\"; reg0 = ip4.dst; get_arp(outport, reg0); next;")
            .Ingress("1", "output;", table: 1);
        for (var i = 0; i < routers; i++)
        {
            var (number, mac) = (i.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:00:{i:x2}"));
            network
                .Port(new PortBinding { LogicalPort = "a" + number, Type = "patch", Options = TextMap.Of(("peer", "b" + number)) })
                .Port(new PortBinding { LogicalPort = "b" + number, Type = "patch", Options = TextMap.Of(("peer", "a" + number)), Mac = [mac] })
                .Neighbor("a0", $"10.0.0.{number}", mac);
        }

        return network;
    }
}
