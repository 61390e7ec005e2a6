using GatewayOS.Core;
using GatewayOS.Differential.Tests.Running;
using GatewayOS.Differential.Tests.Worlds;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>What a sender of packets can aim at, read from the southbound database.</summary>
internal sealed class Landscape
{
    public Landscape(Southbound southbound, string chassis, World world)
    {
        World = world;
        var self = southbound.Chassis.Single(row => row.Name == chassis).Uuid;
        var ports = southbound.PortBindings.OrderBy(port => port.LogicalPort, StringComparer.Ordinal).ToList();
        var byName = ports.ToDictionary(port => port.LogicalPort);
        Vlans = [.. ports.Where(port => port.Type == "localnet").Select(port => port.Tag ?? 0).Distinct()];
        RouterPorts =
        [
            .. from port in ports
               where port.Type is "patch" or "l3gateway" && southbound.DatapathBindings[port.Datapath].IsRouter
               let plug = byName[port.Options.Find("peer")!]
               let redirect = byName.GetValueOrDefault("cr-" + port.LogicalPort)
               let localnet = ports.Find(other => other.Type == "localnet" && other.Datapath == plug.Datapath)
               select new RouterPort(
                   port.LogicalPort, Macs(port).Single(), [.. port.Mac.SelectMany(AddressText.Prefixes).Select(pair => pair.Address)], port.Type == "l3gateway",
                   localnet is null ? null : localnet.Tag ?? 0,
                   redirect is not null && redirect.Chassis == self ? Key(redirect) : port.Type == "l3gateway" && port.Chassis == self ? Key(plug) : null,
                   [.. Neighbors(southbound, port.LogicalPort)], [.. Acquaintances(southbound, port.LogicalPort)], InKeys(port.Datapath), InKeys(plug.Datapath)),
        ];
        Machines =
        [
            .. from local in world.Local.Index()
               from port in ports
               where port.LogicalPort == local.Item || port.ParentPort == local.Item
               let others = ports.Where(other => other.Datapath == port.Datapath && other != port).ToList()
               select new LocalMachine(
                   Card.Machine(local.Index, local.Item).Number, port.ParentPort is null ? 0 : port.Tag ?? 0, Key(port), [.. Macs(port)],
                   [.. port.Mac.SelectMany(AddressText.Prefixes).Select(pair => pair.Address)],
                   [.. others.Select(other => byName.GetValueOrDefault(other.Options.Find("peer") ?? "")).OfType<PortBinding>().SelectMany(Macs)],
                   [.. others.Where(other => other.Type == "").SelectMany(Macs)]),
        ];
        AnyKeys = [.. ports.Select(Key)];
        Groups =
        [
            .. from multicast in southbound.MulticastGroups
               let datapath = southbound.DatapathBindings.Find(multicast.Datapath)
               where datapath is { IsRouter: false }
               orderby datapath.TunnelKey, multicast.TunnelKey
               select (new TunnelKey(datapath.TunnelKey, multicast.TunnelKey, InKeys(multicast.Datapath)), ports.All(port => port.Datapath != multicast.Datapath || port.Type != "l3gateway")),
        ];
        Vteps =
        [
            .. from port in ports
               where port.Type == "vtep" && port.Chassis is not null
               let others = ports.Where(other => other.Datapath == port.Datapath && other != port).ToList()
               select new VtepPort(
                   southbound.Chassis[port.Chassis!.Value].Name, southbound.DatapathBindings[port.Datapath].TunnelKey, [.. Macs(port)],
                   [.. others.Select(other => byName.GetValueOrDefault(other.Options.Find("peer") ?? "")).OfType<PortBinding>().SelectMany(Macs)],
                   [.. others.Where(other => other.Type is "" or "vtep").SelectMany(Macs)]),
        ];
        var bound = ports.Where(port => port.Type == "").ToList();
        MovingMacs = [.. ports.Where(port => port.AdditionalChassis.Count > 0).SelectMany(Macs)];
        OwnMacs = [.. ports.SelectMany(Macs).Distinct()];
        OtherMacs =
        [
            .. southbound.MacBindings.Select(row => row.Mac).Concat(southbound.StaticMacBindings.Select(row => row.Mac)).Select(MacAddress.Parse).Except(OwnMacs).Order(s_byValue),
            new(0x02ee_0000_0077), new(0x00163e_112233), new(0x0600_0000_0001),
        ];
        var texts = southbound.LogicalFlows.SelectMany(flow => new[] { flow.Match, flow.Actions }).Distinct().Order(StringComparer.Ordinal).ToList();
        var spoken = texts.Concat(ports.SelectMany(port => port.Mac))
            .Concat(southbound.MacBindings.Select(row => row.Ip)).Concat(southbound.StaticMacBindings.Select(row => row.Ip))
            .SelectMany(AddressText.Prefixes).ToList();
        var own = bound.SelectMany(port => port.Mac).SelectMany(AddressText.Prefixes).Select(pair => pair.Address).ToList();
        Addresses4 = new AddressPool(isIpv6: false, own, spoken);
        Addresses6 = new AddressPool(isIpv6: true, own, spoken);
        L4Ports = [.. texts.Where(text => text.Contains(".dst", StringComparison.Ordinal) || text.Contains(".src", StringComparison.Ordinal))
            .SelectMany(AddressText.Numbers).Where(number => number > 7).Distinct().Order()];

        IEnumerable<int> InKeysOf(Guid datapath) => ports.Where(port => port.Datapath == datapath).Select(port => port.TunnelKey);
        EquatableArray<int> InKeys(Guid datapath) => [.. InKeysOf(datapath)];
        TunnelKey Key(PortBinding port) => new(southbound.DatapathBindings[port.Datapath].TunnelKey, port.TunnelKey, InKeys(port.Datapath));
    }

    private static readonly Comparer<MacAddress> s_byValue = Comparer<MacAddress>.Create((left, right) => left.Value.CompareTo(right.Value));

    public World World { get; }

    /// <summary>VLANs of provider networks; 0 for none.</summary>
    public IReadOnlyList<int> Vlans { get; }

    public IReadOnlyList<RouterPort> RouterPorts { get; }

    public IReadOnlyList<LocalMachine> Machines { get; }

    public IReadOnlyList<TunnelKey> AnyKeys { get; }

    public IReadOnlyList<VtepPort> Vteps { get; }

    /// <summary>Groups of ports, and whether no router learns from what is sent to them.</summary>
    public IReadOnlyList<(TunnelKey Key, bool MayAsk)> Groups { get; }

    /// <summary>Of machines that are being moved.</summary>
    public IReadOnlyCollection<MacAddress> MovingMacs { get; }

    /// <summary>Of machines and router ports.</summary>
    public IReadOnlyList<MacAddress> OwnMacs { get; }

    /// <summary>Of neighbours and strangers.</summary>
    public IReadOnlyList<MacAddress> OtherMacs { get; }

    public AddressPool Addresses4 { get; }

    public AddressPool Addresses6 { get; }

    public IReadOnlyList<ushort> L4Ports { get; }

    private static IEnumerable<MacAddress> Macs(PortBinding port) => port.Mac.SelectMany(AddressText.Macs);

    private static IEnumerable<(UInt128 Address, MacAddress Mac)> Acquaintances(Southbound southbound, string port) =>
        from row in southbound.MacBindings
        where row.LogicalPort == port
        from pair in AddressText.Prefixes(row.Ip)
        where !pair.Address.IsIpv6
        orderby pair.Address.Value
        select (pair.Address.Value, MacAddress.Parse(row.Mac));

    private static IEnumerable<MacAddress> Neighbors(Southbound southbound, string port) =>
        southbound.MacBindings.Where(row => row.LogicalPort == port).Select(row => row.Mac)
            .Concat(southbound.StaticMacBindings.Where(row => row.LogicalPort == port).Select(row => row.Mac))
            .Order(StringComparer.Ordinal).Select(MacAddress.Parse);
}
