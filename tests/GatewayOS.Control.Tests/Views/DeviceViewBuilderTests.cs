using GatewayOS.Control.Views;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using Xunit;
using Mirror = GatewayOS.Ovn.LocalRows.Mirror;

namespace GatewayOS.Control.Tests.Views;

public sealed class DeviceViewBuilderTests
{
    private const string Bridge = "br-ex", Underlay = "br-phys", Provider = "ext0r", Uplink = "und0r";

    private static readonly MacAddress s_hostMac = MacAddress.Parse("02:00:00:00:00:0e"), s_underlayMac = MacAddress.Parse("02:00:00:00:00:0f");
    private static readonly MacAddress s_nextHop = MacAddress.Parse("02:00:00:31:00:02");

    private readonly Dictionary<string, string> _settings = new()
    {
        ["system-id"] = "gw1",
        ["ovn-encap-ip"] = "172.31.0.1",
        ["ovn-encap-type"] = "geneve",
        ["ovn-bridge-mappings"] = "physnet1:br-ex",
    };

    private readonly List<(string Bridge, Port Port, Interface Interface)> _interfaces = [];
    private readonly Dictionary<string, Bridge> _bridges = [];
    private readonly List<Mirror> _mirrors = [];
    private readonly List<Qos> _shapers = [];
    private Southbound _southbound = Southbound.Empty;
    private EquatableArray<UnderlayPath> _paths = [new(0xac1f0002, Underlay, s_nextHop)];

    public DeviceViewBuilderTests()
    {
        Add("br-int", new Interface { Name = "br-int", Type = "internal" });
        Add("br-int", new Interface { Name = "vm1", ExternalIds = TextMap.Of(("iface-id", "lsp1")) });
        Add("br-int", new Interface { Name = "patch-int", Type = "patch", Options = TextMap.Of(("peer", "patch-ex")) });
        Add(Bridge, new Interface { Name = Bridge, Type = "internal", MacInUse = s_hostMac.ToString() });
        Add(Bridge, new Interface { Name = "patch-ex", Type = "patch", Options = TextMap.Of(("peer", "patch-int")) });
        Add(Bridge, new Interface { Name = Provider });
        Add(Underlay, new Interface { Name = Underlay, Type = "internal", MacInUse = s_underlayMac.ToString() });
        Add(Underlay, new Interface { Name = Uplink });
    }

    [Fact]
    public void A_port_serves_the_networks_of_its_bridge_a_vif_its_logical_port_and_tunnels_leave_by_the_port_of_the_underlay_bridge()
    {
        var built = Build();
        Assert.Equal([], built.Remarks);
        Assert.Equal(
            [
                new(1, Uplink, [], null, 1600, [s_underlayMac]),
                new(2, Provider, ["physnet1"], null, 1500, [s_hostMac]),
                new(3, "vm1", [], "lsp1", 1442, []),
            ],
            built.View.Ports);
        Assert.Equal([new(0xac1f0002, 0xac1f0001, 1, s_underlayMac, s_nextHop, 1550)], built.View.Tunnels);
    }

    [Fact]
    public void Settings_of_this_chassis_win_over_general_ones()
    {
        _settings["ovn-bridge-mappings-gw1"] = "physnet2:br-ex";
        Assert.Equal(["physnet2"], Build().View.Ports[1].Networks);
    }

    [Fact]
    public void An_exception_netdev_outside_of_ovs_may_carry_tunnels_itself()
    {
        _interfaces.RemoveAll(row => row.Interface.Name == Uplink);
        _paths = [new(0xac1f0002, Uplink, s_nextHop)];
        Assert.Equal([new(0xac1f0002, 0xac1f0001, 1, MacAddress.Parse("02:00:00:00:00:01"), s_nextHop, 1600)], Build().View.Tunnels);
    }

    [Fact]
    public void An_unresolved_next_hop_is_a_tunnel_without_one()
    {
        _paths = [new(0xac1f0002, Underlay, null)];
        Assert.Null(Assert.Single(Build().View.Tunnels).NextHop);
    }

    public static TheoryData<string, Action<DeviceViewBuilderTests>> BridgesLeftToOvs { get; } = new()
    {
        { "has another way out, eth9", test => test.Add(Bridge, new Interface { Name = "eth9" }) },
        { "has another way out, patch-x", test => test.Add(Bridge, new Interface { Name = "patch-x", Type = "patch", Options = TextMap.Of(("peer", "patch-y")) }) },
        { "forwards by rules of its own", test => test.ChangeBridge(Bridge, row => row with { FailMode = "secure" }) },
        { "VLAN settings", test => test.Change(Provider, row => row with { Tag = 5 }) },
        { "VLAN settings", test => test.Change(Provider, row => row with { Trunks = [5] }) },
        { "VLAN settings", test => test.Change(Provider, row => row with { VlanMode = "native-tagged" }) },
        { "is protected", test => test.Change(Provider, row => row with { IsProtected = true }) },
        { "shapes packets", test => test.Shape(Provider, "linux-htb") },
        { "polices packets", test => test.ChangeDevice(Provider, row => row with { IngressPolicingRate = 1000 }) },
        { "patch-ex of the bridge br-ex has VLAN settings", test => test.Change("patch-ex", row => row with { Tag = 5 }) },
        { "obeys an OpenFlow controller", test => test.ChangeBridge(Bridge, row => row with { Controllers = [Guid.NewGuid()] }) },
        { "spanning tree", test => test.ChangeBridge(Bridge, row => row with { StpEnable = true }) },
        { "spanning tree", test => test.ChangeBridge(Bridge, row => row with { RstpEnable = true }) },
        { "snoops multicast", test => test.ChangeBridge(Bridge, row => row with { McastSnoopingEnable = true }) },
        { "samples packets", test => test.ChangeBridge(Bridge, row => row with { Sflow = Guid.NewGuid() }) },
        { "samples packets", test => test.ChangeBridge(Bridge, row => row with { Netflow = Guid.NewGuid() }) },
        { "samples packets", test => test.ChangeBridge(Bridge, row => row with { Ipfix = Guid.NewGuid() }) },
        { "the mirror span", test => test.AddMirror(Bridge, new Mirror { SelectSrcPort = [test.PortOf(Provider)] }) },
        { "part of the bond", test => test.Change(Provider, row => row with { Interfaces = [.. row.Interfaces, Guid.NewGuid()] }) },
    };

    [Theory]
    [MemberData(nameof(BridgesLeftToOvs))]
    public void A_port_whose_bridge_does_more_than_hand_frames_on_serves_no_network(string remark, Action<DeviceViewBuilderTests> change)
    {
        change(this);
        var built = Build();
        Assert.Equal([], built.View.Ports[1].Networks);
        var text = Assert.Single(built.Remarks);
        Assert.StartsWith("port 2 (ext0r): ", text, StringComparison.Ordinal);
        Assert.Contains(remark, text, StringComparison.Ordinal);
        Assert.Single(built.View.Tunnels);
    }

    public static TheoryData<string, Action<DeviceViewBuilderTests>> TunnelsLeftToOvs { get; } = new()
    {
        { "ovn-encap-tos=inherit", test => test._settings["ovn-encap-tos"] = "inherit" },
        { "ovn-encap-df_default", test => test._settings["ovn-encap-df_default"] = "false" },
        { "set one ovn-encap-ip", test => test._settings["ovn-encap-ip"] = "172.31.0.1,172.31.0.9" },
        { "is not IPv4", test => test._settings["ovn-encap-ip"] = "fd00::1" },
        { "ipsec", test => test._southbound = test._southbound with { SbGlobals = [new SbGlobal { Uuid = Guid.NewGuid(), Ipsec = true }] } },
        { "VLAN settings", test => test.Change(Underlay, row => row with { Tag = 5 }) },
        { "shapes packets", test => test.Shape(Uplink, "egress-policer") },
        { "samples packets", test => test.ChangeBridge(Underlay, row => row with { Sflow = Guid.NewGuid() }) },
        { "the mirror span", test => test.AddMirror(Underlay, new Mirror { SelectAll = true }) },
        { "neither an exception netdev nor", test => test._paths = [new(0xac1f0002, "eth7", s_nextHop)] },
        { "no exception netdev, or several", test => test._paths = [new(0xac1f0002, "br-int", s_nextHop)] },
    };

    [Theory]
    [MemberData(nameof(TunnelsLeftToOvs))]
    public void Tunnels_whose_outer_headers_or_way_are_not_certain_are_left_to_ovs(string remark, Action<DeviceViewBuilderTests> change)
    {
        change(this);
        if (remark.StartsWith("no exception", StringComparison.Ordinal))
        {
            _interfaces.RemoveAll(row => row.Interface.Name == "vm1");
        }

        var built = Build();
        Assert.Equal([], built.View.Tunnels);
        Assert.Contains(built.Remarks, text => text.StartsWith("tunnels", StringComparison.Ordinal) && text.Contains(remark, StringComparison.Ordinal));
    }

    public static TheoryData<string, Action<DeviceViewBuilderTests>> IntegrationBridgesLeftToOvs { get; } = new()
    {
        { "obeys an OpenFlow controller", test => test.ChangeBridge("br-int", row => row with { Controllers = [Guid.NewGuid()] }) },
        { "spanning tree", test => test.ChangeBridge("br-int", row => row with { RstpEnable = true }) },
        { "samples packets", test => test.ChangeBridge("br-int", row => row with { Ipfix = Guid.NewGuid() }) },
        { "the mirror span", test => test.AddMirror("br-int", new Mirror { SelectAll = true, OutputPort = test.PortOf("vm1") }) },
        { "the mirror span", test => test.AddMirror("br-int", new Mirror { SelectDstPort = [test.PortOf("patch-int")] }) },
    };

    [Theory]
    [MemberData(nameof(IntegrationBridgesLeftToOvs))]
    public void When_the_integration_bridge_does_more_than_OVN_says_everything_is_left_to_ovs(string remark, Action<DeviceViewBuilderTests> change)
    {
        change(this);
        var built = Build();
        Assert.Equal([], built.View.Ports);
        Assert.Equal([], built.View.Tunnels);
        Assert.Contains(remark, Assert.Single(built.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mirror_of_one_machine_leaves_that_machine_to_ovs()
    {
        AddMirror("br-int", new Mirror { SelectSrcPort = [PortOf("vm1")] });
        var built = Build();
        Assert.Equal("port 3 (vm1): the mirror span of the bridge br-int copies its packets, left to OVS; remove it", Assert.Single(built.Remarks));
        Assert.Null(built.View.Ports[2].InterfaceId);
        Assert.Equal(["physnet1"], built.View.Ports[1].Networks);
        Assert.Single(built.View.Tunnels);
    }

    [Fact]
    public void The_shaping_that_ovn_controller_sets_to_have_none_is_none()
    {
        Shape(Uplink, "linux-noop");
        Assert.Equal([], Build().Remarks);
    }

    [Fact]
    public void A_port_without_its_netdev_is_no_port()
    {
        var built = DeviceViewBuilder.Build(Inputs() with { Links = new Dictionary<string, Link>() });
        Assert.Equal([], built.View.Ports);
        Assert.Equal(3, built.Remarks.Count(text => text.Contains("this host has no such link", StringComparison.Ordinal)));
    }

    private void Add(string bridge, Interface device)
    {
        device = device with { Uuid = Guid.NewGuid() };
        var port = new Port { Uuid = Guid.NewGuid(), Name = device.Name, Interfaces = [device.Uuid] };
        _interfaces.Add((bridge, port, device));
        _bridges.TryAdd(bridge, new Bridge { Uuid = Guid.NewGuid(), Name = bridge });
    }

    private void Change(string name, Func<Port, Port> change)
    {
        var index = _interfaces.FindIndex(row => row.Interface.Name == name);
        _interfaces[index] = _interfaces[index] with { Port = change(_interfaces[index].Port) };
    }

    private void ChangeDevice(string name, Func<Interface, Interface> change)
    {
        var index = _interfaces.FindIndex(row => row.Interface.Name == name);
        _interfaces[index] = _interfaces[index] with { Interface = change(_interfaces[index].Interface) };
    }

    private void ChangeBridge(string name, Func<Bridge, Bridge> change) => _bridges[name] = change(_bridges[name]);

    private void AddMirror(string bridge, Mirror mirror)
    {
        _mirrors.Add(mirror with { Uuid = Guid.NewGuid(), Name = "span" });
        ChangeBridge(bridge, row => row with { Mirrors = [_mirrors[^1].Uuid] });
    }

    private void Shape(string name, string type)
    {
        _shapers.Add(new Qos { Uuid = Guid.NewGuid(), Type = type });
        Change(name, row => row with { Qos = _shapers[^1].Uuid });
    }

    private Guid PortOf(string name) => _interfaces.Find(row => row.Interface.Name == name).Port.Uuid;

    private BuiltView Build() => DeviceViewBuilder.Build(Inputs());

    private ViewInputs Inputs()
    {
        var local = new LocalOpenVSwitch
        {
            OpenVSwitch = [new OpenVSwitchRow { Uuid = Guid.NewGuid(), ExternalIds = TextMap.Of(_settings.Select(pair => (pair.Key, pair.Value))) }],
            Bridges = Table.Create<Bridge>(
            [
                .. _bridges.Values.Select(bridge => bridge with { Ports = _interfaces.Where(row => row.Bridge == bridge.Name).Select(row => row.Port.Uuid).ToEquatableArray() }),
            ]),
            Ports = Table.Create<Port>([.. _interfaces.Select(row => row.Port)]),
            Interfaces = Table.Create<Interface>([.. _interfaces.Select(row => row.Interface)]),
            Mirrors = Table.Create<Mirror>([.. _mirrors]),
            Qos = Table.Create<Qos>([.. _shapers]),
        };
        Link[] links =
        [
            LinkOf(1, Uplink, "02:00:00:00:00:01", 1600), LinkOf(2, Provider, "02:00:00:00:00:02", 1500), LinkOf(3, "vm1", "02:00:00:00:00:03", 1442),
            LinkOf(4, Underlay, s_underlayMac.ToString(), 1550), LinkOf(5, "br-int", "02:00:00:00:00:05", 1500), LinkOf(6, "eth7", "02:00:00:00:00:06", 1500),
        ];
        return new ViewInputs(local, _southbound, [new(1, Uplink), new(2, Provider), new(3, "vm1")], links.ToDictionary(link => link.Name), _paths);
    }

    private static Link LinkOf(int index, string name, string mac, int mtu) =>
        new(index, name, MacAddress.Parse(mac), mtu, IsUp: true, IsRunning: true, "", null, null);
}
