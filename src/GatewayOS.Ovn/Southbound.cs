using System.Collections.Immutable;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Ovn;

/// <summary>OVN's southbound database as of one transaction: an immutable snapshot, free to take and to keep.</summary>
/// <remarks>
/// What changed between two snapshots is asked table by table, <c>now.LogicalFlows.ChangesSince(before.LogicalFlows)</c>; a table that
/// did not change is the same object in both.
/// A table or column that the server's schema lacks is empty; what the server has beyond these tables is not fetched.
/// </remarks>
public sealed record Southbound
{
    public static Southbound Empty { get; } = new();

    public Table<SbGlobal> SbGlobals { get; init; } = Table<SbGlobal>.Empty;

    public Table<Chassis> Chassis { get; init; } = Table<Chassis>.Empty;

    public Table<ChassisPrivate> ChassisPrivates { get; init; } = Table<ChassisPrivate>.Empty;

    public Table<Encap> Encaps { get; init; } = Table<Encap>.Empty;

    public Table<AddressSet> AddressSets { get; init; } = Table<AddressSet>.Empty;

    public Table<PortGroup> PortGroups { get; init; } = Table<PortGroup>.Empty;

    public Table<LogicalFlow> LogicalFlows { get; init; } = Table<LogicalFlow>.Empty;

    public Table<LogicalDpGroup> LogicalDpGroups { get; init; } = Table<LogicalDpGroup>.Empty;

    public Table<MulticastGroup> MulticastGroups { get; init; } = Table<MulticastGroup>.Empty;

    public Table<Mirror> Mirrors { get; init; } = Table<Mirror>.Empty;

    public Table<Meter> Meters { get; init; } = Table<Meter>.Empty;

    public Table<MeterBand> MeterBands { get; init; } = Table<MeterBand>.Empty;

    public Table<DatapathBinding> DatapathBindings { get; init; } = Table<DatapathBinding>.Empty;

    public Table<PortBinding> PortBindings { get; init; } = Table<PortBinding>.Empty;

    public Table<MacBinding> MacBindings { get; init; } = Table<MacBinding>.Empty;

    public Table<StaticMacBinding> StaticMacBindings { get; init; } = Table<StaticMacBinding>.Empty;

    public Table<Fdb> Fdb { get; init; } = Table<Fdb>.Empty;

    public Table<DhcpOptions> DhcpOptions { get; init; } = Table<DhcpOptions>.Empty;

    public Table<Dhcpv6Options> Dhcpv6Options { get; init; } = Table<Dhcpv6Options>.Empty;

    public Table<Dns> Dns { get; init; } = Table<Dns>.Empty;

    public Table<GatewayChassis> GatewayChassis { get; init; } = Table<GatewayChassis>.Empty;

    public Table<HaChassis> HaChassis { get; init; } = Table<HaChassis>.Empty;

    public Table<HaChassisGroup> HaChassisGroups { get; init; } = Table<HaChassisGroup>.Empty;

    public Table<IpMulticast> IpMulticasts { get; init; } = Table<IpMulticast>.Empty;

    public Table<IgmpGroup> IgmpGroups { get; init; } = Table<IgmpGroup>.Empty;

    public Table<ServiceMonitor> ServiceMonitors { get; init; } = Table<ServiceMonitor>.Empty;

    public Table<LoadBalancer> LoadBalancers { get; init; } = Table<LoadBalancer>.Empty;

    public Table<Bfd> Bfd { get; init; } = Table<Bfd>.Empty;

    public Table<EcmpNexthop> EcmpNexthops { get; init; } = Table<EcmpNexthop>.Empty;

    public Table<ChassisTemplateVar> ChassisTemplateVars { get; init; } = Table<ChassisTemplateVar>.Empty;

    public Table<AdvertisedRoute> AdvertisedRoutes { get; init; } = Table<AdvertisedRoute>.Empty;

    public Table<LearnedRoute> LearnedRoutes { get; init; } = Table<LearnedRoute>.Empty;

    public Table<AdvertisedMacBinding> AdvertisedMacBindings { get; init; } = Table<AdvertisedMacBinding>.Empty;

    /// <summary>The tables above, for the replica that keeps them.</summary>
    public static DatabaseModel<Southbound> Model { get; } = new("OVN_Southbound", Empty,
    [
        new TableSlot<Southbound, SbGlobal>(d => d.SbGlobals, (d, table) => d with { SbGlobals = table }),
        new TableSlot<Southbound, Chassis>(d => d.Chassis, (d, table) => d with { Chassis = table }),
        new TableSlot<Southbound, ChassisPrivate>(d => d.ChassisPrivates, (d, table) => d with { ChassisPrivates = table }),
        new TableSlot<Southbound, Encap>(d => d.Encaps, (d, table) => d with { Encaps = table }),
        new TableSlot<Southbound, AddressSet>(d => d.AddressSets, (d, table) => d with { AddressSets = table }),
        new TableSlot<Southbound, PortGroup>(d => d.PortGroups, (d, table) => d with { PortGroups = table }),
        new TableSlot<Southbound, LogicalFlow>(d => d.LogicalFlows, (d, table) => d with { LogicalFlows = table }),
        new TableSlot<Southbound, LogicalDpGroup>(d => d.LogicalDpGroups, (d, table) => d with { LogicalDpGroups = table }),
        new TableSlot<Southbound, MulticastGroup>(d => d.MulticastGroups, (d, table) => d with { MulticastGroups = table }),
        new TableSlot<Southbound, Mirror>(d => d.Mirrors, (d, table) => d with { Mirrors = table }),
        new TableSlot<Southbound, Meter>(d => d.Meters, (d, table) => d with { Meters = table }),
        new TableSlot<Southbound, MeterBand>(d => d.MeterBands, (d, table) => d with { MeterBands = table }),
        new TableSlot<Southbound, DatapathBinding>(d => d.DatapathBindings, (d, table) => d with { DatapathBindings = table }),
        new TableSlot<Southbound, PortBinding>(d => d.PortBindings, (d, table) => d with { PortBindings = table }),
        new TableSlot<Southbound, MacBinding>(d => d.MacBindings, (d, table) => d with { MacBindings = table }),
        new TableSlot<Southbound, StaticMacBinding>(d => d.StaticMacBindings, (d, table) => d with { StaticMacBindings = table }),
        new TableSlot<Southbound, Fdb>(d => d.Fdb, (d, table) => d with { Fdb = table }),
        new TableSlot<Southbound, DhcpOptions>(d => d.DhcpOptions, (d, table) => d with { DhcpOptions = table }),
        new TableSlot<Southbound, Dhcpv6Options>(d => d.Dhcpv6Options, (d, table) => d with { Dhcpv6Options = table }),
        new TableSlot<Southbound, Dns>(d => d.Dns, (d, table) => d with { Dns = table }),
        new TableSlot<Southbound, GatewayChassis>(d => d.GatewayChassis, (d, table) => d with { GatewayChassis = table }),
        new TableSlot<Southbound, HaChassis>(d => d.HaChassis, (d, table) => d with { HaChassis = table }),
        new TableSlot<Southbound, HaChassisGroup>(d => d.HaChassisGroups, (d, table) => d with { HaChassisGroups = table }),
        new TableSlot<Southbound, IpMulticast>(d => d.IpMulticasts, (d, table) => d with { IpMulticasts = table }),
        new TableSlot<Southbound, IgmpGroup>(d => d.IgmpGroups, (d, table) => d with { IgmpGroups = table }),
        new TableSlot<Southbound, ServiceMonitor>(d => d.ServiceMonitors, (d, table) => d with { ServiceMonitors = table }),
        new TableSlot<Southbound, LoadBalancer>(d => d.LoadBalancers, (d, table) => d with { LoadBalancers = table }),
        new TableSlot<Southbound, Bfd>(d => d.Bfd, (d, table) => d with { Bfd = table }),
        new TableSlot<Southbound, EcmpNexthop>(d => d.EcmpNexthops, (d, table) => d with { EcmpNexthops = table }),
        new TableSlot<Southbound, ChassisTemplateVar>(d => d.ChassisTemplateVars, (d, table) => d with { ChassisTemplateVars = table }),
        new TableSlot<Southbound, AdvertisedRoute>(d => d.AdvertisedRoutes, (d, table) => d with { AdvertisedRoutes = table }),
        new TableSlot<Southbound, LearnedRoute>(d => d.LearnedRoutes, (d, table) => d with { LearnedRoutes = table }),
        new TableSlot<Southbound, AdvertisedMacBinding>(d => d.AdvertisedMacBindings, (d, table) => d with { AdvertisedMacBindings = table }),
    ]);

    /// <summary>Starts to follow the southbound database on the first of the remotes that will do.</summary>
    /// <remarks>All rows, or those that meet the conditions; <see cref="ChassisSouthbound"/> has the ones of a chassis.</remarks>
    public static OvsdbClient<Southbound> Connect(
        ImmutableArray<Remote> remotes,
        ConnectionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null,
        MonitorConditions? conditions = null) =>
        new(remotes, Model, options, time, logger, conditions);

    /// <summary>Fetches the database once.</summary>
    /// <exception cref="OvsdbException">No remote will do; the message says why.</exception>
    public static async Task<Southbound> LoadAsync(
        ImmutableArray<Remote> remotes, ConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using var client = Connect(remotes, options);
        return await client.LoadAsync(cancellationToken);
    }
}
