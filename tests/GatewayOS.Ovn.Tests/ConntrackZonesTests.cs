using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Ovn.Tests;

public sealed class ConntrackZonesTests
{
    private static readonly DatapathBinding s_router = new()
    {
        Uuid = Guid.Parse("6f0c2a44-9d2f-4c35-8a0e-1f6f0d8d7a01"),
        ExternalIds = TextMap.Of(("name", "lr0"), ("logical-router", "x")),
    };

    [Fact]
    public void A_logical_port_has_one_zone_and_a_datapath_two()
    {
        var zones = Zones(("ct-zone-vm1", "3"), ("ct-zone-lr0_dnat", "4"), ("ct-zone-lr0_snat", "5"));
        Assert.Equal((3, 4, 5), (zones.OfPort("vm1"), zones.Dnat(s_router), zones.Snat(s_router)));
    }

    [Fact]
    public void Older_versions_name_a_datapath_by_its_uuid()
    {
        var zones = Zones(("ct-zone-6f0c2a44-9d2f-4c35-8a0e-1f6f0d8d7a01_dnat", "4"), ("ct-zone-6f0c2a44-9d2f-4c35-8a0e-1f6f0d8d7a01_snat", "5"));
        Assert.Equal((4, 5), (zones.Dnat(s_router), zones.Snat(s_router)));
        Assert.Equal(4, zones.Dnat(s_router with { ExternalIds = TextMap.Empty }));
    }

    [Fact]
    public void While_ovn_controller_renames_the_newer_key_counts() =>
        Assert.Equal(9, Zones(("ct-zone-6f0c2a44-9d2f-4c35-8a0e-1f6f0d8d7a01_dnat", "4"), ("ct-zone-lr0_dnat", "9")).Dnat(s_router));

    [Fact]
    public void What_has_no_zone_uses_zone_0_as_its_register_does()
    {
        var zones = Zones(("ct-zone-vm1", "65536"), ("ct-zone-vm2", "x"), ("ct-zone-", "7"), ("other", "8"));
        Assert.Equal((0, 0, 0), (zones.OfPort("vm1"), zones.OfPort("vm2"), zones.OfPort("")));
        Assert.Equal((0, 0), (zones.Dnat(s_router), ConntrackZones.Empty.Snat(s_router)));
    }

    [Fact]
    public void A_requested_zone_counts_when_it_is_in_use()
    {
        var requesting = s_router with { ExternalIds = TextMap.Of(("name", "lr0"), ("snat-ct-zone", "7")) };
        var before = Zones(("ct-zone-lr0_snat", "5"));
        Assert.Equal((5, true, false), (before.Snat(requesting), before.AwaitsSnat(requesting), before.AwaitsSnat(s_router)));
        Assert.False(Zones(("ct-zone-lr0_snat", "7")).AwaitsSnat(requesting));
    }

    [Fact]
    public void Zones_that_mean_something_else_are_told()
    {
        var before = Zones(("ct-zone-a", "1"), ("ct-zone-b", "2"), ("ct-zone-c", "3"));
        var after = Zones(("ct-zone-a", "1"), ("ct-zone-d", "2"), ("ct-zone-c", "4"));
        Assert.Equal([2, 3, 4], after.ChangesSince(before).Select(zone => (int)zone).Order());
        Assert.Empty(after.ChangesSince(after));
    }

    private static ConntrackZones Zones(params (string Key, string Value)[] externalIds) => ConntrackZones.Read(new LocalOpenVSwitch
    {
        Bridges = [new Bridge { Uuid = Guid.NewGuid(), Name = "br-int", ExternalIds = TextMap.Of(externalIds) }],
    });
}
