using GatewayOS.Compiler;
using GatewayOS.Core;
using GatewayOS.Differential.Tests.Packets;
using GatewayOS.Differential.Tests.Worlds;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Linux.Packets;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using Chassis = GatewayOS.Lab.Topologies.Chassis;
using DevicePort = GatewayOS.Compiler.DevicePort;

namespace GatewayOS.Differential.Tests.Running;

/// <summary>A stock gateway chassis, the far ends of whose network cards are ours.</summary>
/// <remarks>
/// <code>
///   far end 1 ---- und0 [br-phys] 172.31.0.13        ovs-vswitchd, ovn-controller, ovn-northd,
///   far end 3 ---- vif0 [br-int]                     northbound and southbound databases: Debian's
///   far end 2 ---- ext0 [br-ex]   physnet1
/// </code>
/// The other chassis are rows of the southbound database. What comes in by a card is answered in order, so a frame that the bridge sends
/// back by a flow of its own (the barrier) says that all before it are done.
/// </remarks>
internal sealed class StockChassis : IAsyncDisposable
{
    public const string Name = "gw1";
    private const byte Number = 13;
    private const int Barrier = 0x88b5;

    private readonly LabNetwork _lab;
    private readonly FarEnds _farEnds;

    private StockChassis(LabNetwork lab, FarEnds farEnds, Southbound southbound, DeviceView device)
    {
        (_lab, _farEnds, Southbound, Device) = (lab, farEnds, southbound, device);
    }

    public static uint LocalIp => 0xac1f0000 | Number;

    public static MacAddress LocalMac => new(0x0200_0031_0000UL | Number);

    /// <summary>As ovn-controller sees it, or saw it before the last packets.</summary>
    public Southbound Southbound { get; private set; }

    /// <summary>What a device in front of this chassis would be told.</summary>
    public DeviceView Device { get; }

    public static async Task<StockChassis> StartAsync(World world, CancellationToken token)
    {
        var topology = new Topology(
            [new Chassis(Name, Number, IsGateway: true)], [], new ExternalHost("ext", new MacAddress(0x02ee_0000_00ff), 4001, [], []), world.Northbound);
        var lab = await LabNetwork.StartAsync(topology, Lab.Running.Device.None, token);
        try
        {
            await TakeFarEndsAsync(lab, token);
            await PlugInAsync(lab, world.Cards, token);
            await PopulateAsync(lab, world, token);
            await SettleAsync(lab, token);
            var device = await DeviceOfAsync(lab, world, token);
            var farEnds = lab.Inside("net", () => new FarEnds([.. world.Cards.Select(card => PacketSocket.Open(card.Plug))], Barrier));
            return new StockChassis(lab, farEnds, await LoadAsync(lab, token), device);
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends packets and waits until OVS is done with them.</summary>
    public IReadOnlyList<Output> Exchange(IReadOnlyList<TestPacket> packets) => _farEnds.Exchange(packets);

    /// <summary>Makes OVS forget what packets taught it: addresses, and the flows it cached.</summary>
    public async Task ForgetAsync(CancellationToken token)
    {
        await _lab.AppctlAsync(Name, "ovs-vswitchd", "dpctl/del-flows netdev@ovs-netdev", token);
        await _lab.AppctlAsync(Name, "ovs-vswitchd", "fdb/flush br-ex", token);
        await _lab.AppctlAsync(Name, "ovs-vswitchd", "fdb/flush br-phys", token);
    }

    /// <summary>Reads the southbound database again: routers tell each other their addresses, and packets make them ask for others'.</summary>
    /// <returns>Whether anything changed that decides about packets.</returns>
    public async Task<bool> RefreshAsync(CancellationToken token)
    {
        var (before, now) = (Southbound, await LoadAsync(_lab, token));
        if (now.LogicalFlows.SequenceEqual(before.LogicalFlows) && now.PortBindings.SequenceEqual(before.PortBindings) && now.Fdb.SequenceEqual(before.Fdb)
            && now.AddressSets.SequenceEqual(before.AddressSets) && now.MacBindings.Select(WithoutAge).SequenceEqual(before.MacBindings.Select(WithoutAge)))
        {
            return false;
        }

        await SettleAsync(_lab, token);
        Southbound = await LoadAsync(_lab, token);
        return true;
    }

    /// <summary>Changes the network by a command of ovn-nbctl(8), and waits until OVS does as it says.</summary>
    public async Task ChangeAsync(string command, CancellationToken token)
    {
        await _lab.NorthboundAsync(command, token);
        await SettleAsync(_lab, token);
        Southbound = await LoadAsync(_lab, token);
    }

    public async ValueTask DisposeAsync()
    {
        _farEnds.Dispose();
        await _lab.DisposeAsync();
    }

    private static MacBinding WithoutAge(MacBinding row) => row with { Timestamp = 0 };

    private static Task<Southbound> LoadAsync(LabNetwork lab, CancellationToken token) =>
        Southbound.LoadAsync([Remote.Parse(lab.SouthboundRemote)], cancellationToken: token);

    /// <summary>Unplugs the uplinks of the chassis from the lab's physical switches.</summary>
    private static async Task TakeFarEndsAsync(LabNetwork lab, CancellationToken token)
    {
        await lab.RunAsync("net", "ip", ["link", "set", Card.Underlay.Plug, "nomaster"], token);
        await lab.RunAsync("net", "ovs-vsctl", [$"--db=unix:{lab.FolderOf("net")}/db.sock", "--timeout=30", "del-port", "provider", Card.Provider.Plug], token);
        await lab.RunAsync("net", "ip", ["link", "set", Card.Provider.Plug, "up"], token);
    }

    /// <summary>Adds the cards of the machines, and the barrier to all.</summary>
    private static async Task PlugInAsync(LabNetwork lab, IReadOnlyList<Card> cards, CancellationToken token)
    {
        foreach (var card in cards)
        {
            if (card.LogicalPort is { } port)
            {
                await lab.RunAsync(
                    Name, "ip", ["link", "add", card.Name, "mtu", $"{card.Mtu}", "type", "veth", "peer", "name", card.Plug, "mtu", $"{card.Mtu}", "netns", lab.NamespaceOf("net")], token);
                await lab.RunAsync(Name, "ip", ["link", "set", card.Name, "up"], token);
                await lab.RunAsync("net", "ip", ["link", "set", card.Plug, "up"], token);
                await lab.VsctlAsync(Name, $"add-port {card.Bridge} {card.Name} -- set Interface {card.Name} external-ids:iface-id={port}", token);
                await lab.VsctlAsync(Name, $"wait-until Interface {card.Name} external_ids:ovn-installed=true", token);
            }
        }

        foreach (var bridge in cards.Select(card => card.Bridge).Distinct())
        {
            await lab.RunAsync(
                Name, "ovs-ofctl", ["add-flow", $"unix:{lab.FolderOf(Name)}/{bridge}.mgmt", $"priority=65535,dl_type=0x{Barrier:x},actions=in_port"], token);
        }
    }

    /// <summary>Adds the other chassis, binds their ports, and tells the neighbours.</summary>
    private static async Task PopulateAsync(LabNetwork lab, World world, CancellationToken token)
    {
        if (world.Tunnels.Any(chassis => chassis.IsVxlan))
        {
            await lab.VsctlAsync(Name, "set Open_vSwitch . external-ids:ovn-encap-type=geneve,vxlan", token);
        }

        await lab.SouthboundAsync($"wait-until Chassis {Name} name={Name}", token);

        // northd speaks the dialect that all chassis understand.
        var self = (await LoadAsync(lab, token)).Chassis.Single(chassis => chassis.Name == Name);
        var features = string.Join(' ', self.OtherConfig.Where(pair => pair.Value == "true").Select(pair => $"other_config:{pair.Key}={pair.Value}"));
        foreach (var chassis in world.Tunnels)
        {
            await lab.SouthboundAsync(
                $"-- --id=@e create Encap chassis_name={chassis.Name} type={(chassis.IsVxlan ? "vxlan" : "geneve")} ip={chassis.Ip} options:csum={(chassis.Csum ? "true" : "false")} " +
                $"-- create Chassis name={chassis.Name} encaps=@e {features}{(chassis.IsVtep ? " other_config:is-vtep=true" : "")}",
                token);
            await lab.AppctlAsync(Name, "ovs-vswitchd", $"tnl/neigh/set br-phys {chassis.Ip} {chassis.Mac}", token);
        }

        await lab.NorthboundAsync("sync", token);
        if (world.Remote.Count > 0)
        {
            var rows = (await LoadAsync(lab, token)).Chassis.ToDictionary(chassis => chassis.Name, chassis => chassis.Uuid);
            await lab.SouthboundAsync(string.Join(' ', world.Remote.Select(port =>
                port.IsAdditional ? $"-- add Port_Binding {port.Port} additional_chassis {rows[port.Chassis]}" : $"-- lsp-bind {port.Port} {port.Chassis}")), token);
        }

        var ports = (await LoadAsync(lab, token)).PortBindings.ToDictionary(port => port.LogicalPort);
        if (world.Learned.Count > 0)
        {
            await lab.SouthboundAsync(string.Join(' ', world.Learned.Select(neighbor =>
                $"-- create MAC_Binding logical_port={neighbor.RouterPort} datapath={ports[neighbor.RouterPort].Datapath} 'ip=\"{neighbor.Ip}\"' 'mac=\"{neighbor.Mac}\"'")), token);
        }
    }

    /// <summary>Waits until every change has become flows.</summary>
    private static async Task SettleAsync(LabNetwork lab, CancellationToken token)
    {
        // QUIRK(ovn-controller): under conditional monitoring it answers a sync before it has seen datapaths that became local.
        var (last, same) = ("", 0);
        while (same < 4)
        {
            await lab.NorthboundAsync("sync", token);
            var flows = await lab.RunAsync(Name, "ovs-ofctl", ["dump-aggregate", $"unix:{lab.FolderOf(Name)}/br-int.mgmt"], token);
            flows = flows[flows.IndexOf("flow_count", StringComparison.Ordinal)..];
            (last, same) = (flows, flows == last ? same + 1 : 0);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, token);
        }
    }

    private static async Task<DeviceView> DeviceOfAsync(LabNetwork lab, World world, CancellationToken token)
    {
        var bridge = MacAddress.Parse((await lab.VsctlAsync(Name, "get Interface br-ex mac_in_use", token)).Trim().Trim('"'));
        return new DeviceView(
            [
                .. world.Cards.Select(card => new DevicePort(
                    card.Number, card.Name, card == Card.Provider ? ["physnet1"] : [], card.LogicalPort, card.Mtu,
                    card == Card.Underlay ? [LocalMac] : card == Card.Provider ? [bridge] : [])),
            ],
            [
                .. world.Tunnels.Select(chassis => new TunnelPath(
                    0xac1f0000 | chassis.Number, LocalIp, Card.Underlay.Number, LocalMac, chassis.Mac, Card.UplinkMtu)),
            ]);
    }
}
