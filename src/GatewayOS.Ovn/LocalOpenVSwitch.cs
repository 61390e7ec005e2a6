using System.Collections.Immutable;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Ovn;

/// <summary>The local Open_vSwitch database as of one transaction: bridges, ports, interfaces and what ovn-controller is told there.</summary>
public sealed record LocalOpenVSwitch
{
    public static LocalOpenVSwitch Empty { get; } = new();

    /// <summary>The tables below, for the replica that keeps them.</summary>
    public static DatabaseModel<LocalOpenVSwitch> Model { get; } = new("Open_vSwitch", Empty,
    [
        new TableSlot<LocalOpenVSwitch, OpenVSwitchRow>(d => d.OpenVSwitch, (d, table) => d with { OpenVSwitch = table }),
        new TableSlot<LocalOpenVSwitch, Bridge>(d => d.Bridges, (d, table) => d with { Bridges = table }),
        new TableSlot<LocalOpenVSwitch, Port>(d => d.Ports, (d, table) => d with { Ports = table }),
        new TableSlot<LocalOpenVSwitch, Interface>(d => d.Interfaces, (d, table) => d with { Interfaces = table }),
        new TableSlot<LocalOpenVSwitch, Mirror>(d => d.Mirrors, (d, table) => d with { Mirrors = table }),
        new TableSlot<LocalOpenVSwitch, Qos>(d => d.Qos, (d, table) => d with { Qos = table }),
        new TableSlot<LocalOpenVSwitch, TlsSettings>(d => d.Tls, (d, table) => d with { Tls = table }),
    ]);

    public Table<OpenVSwitchRow> OpenVSwitch { get; init; } = Table<OpenVSwitchRow>.Empty;

    public Table<Bridge> Bridges { get; init; } = Table<Bridge>.Empty;

    public Table<Port> Ports { get; init; } = Table<Port>.Empty;

    public Table<Interface> Interfaces { get; init; } = Table<Interface>.Empty;

    public Table<Mirror> Mirrors { get; init; } = Table<Mirror>.Empty;

    public Table<Qos> Qos { get; init; } = Table<Qos>.Empty;

    public Table<TlsSettings> Tls { get; init; } = Table<TlsSettings>.Empty;

    /// <summary>What ovn-controller(8) reads from the external ids of the Open_vSwitch row.</summary>
    public ChassisSettings Settings => new(OpenVSwitch.FirstOrDefault()?.ExternalIds ?? TextMap.Empty);

    /// <summary>The files for <c>ssl:</c> remotes, or null if none are set.</summary>
    public TlsFiles? TlsFiles => Tls.Find(OpenVSwitch.FirstOrDefault()?.Ssl) is { PrivateKey.Length: > 0 } tls
        ? new(tls.PrivateKey, tls.Certificate, tls.CaCert)
        : null;

    /// <summary>The integration bridge, or null while it does not exist.</summary>
    public Bridge? IntegrationBridge => FindBridge(Settings.IntegrationBridge);

    /// <summary>The conntrack zones that ovn-controller gave out.</summary>
    public ConntrackZones ConntrackZones => ConntrackZones.Read(this);

    public Bridge? FindBridge(string name) => Bridges.FirstOrDefault(bridge => string.Equals(bridge.Name, name, StringComparison.Ordinal));

    /// <summary>The interfaces of a bridge, each with its port.</summary>
    public IEnumerable<(Port Port, Interface Interface)> InterfacesOf(Bridge bridge) =>
        from portUuid in bridge.Ports
        let port = Ports.Find(portUuid)
        where port is not null
        from interfaceUuid in port.Interfaces
        let device = Interfaces.Find(interfaceUuid)
        where device is not null
        select (port, device);

    /// <summary>Starts to follow the local database.</summary>
    public static OvsdbClient<LocalOpenVSwitch> Connect(
        ImmutableArray<Remote> remotes, ConnectionOptions? options = null, TimeProvider? time = null, ILogger? logger = null) =>
        new(remotes, Model, options, time, logger);

    /// <summary>Fetches the database once.</summary>
    /// <exception cref="OvsdbException">No remote will do; the message says why.</exception>
    public static async Task<LocalOpenVSwitch> LoadAsync(
        ImmutableArray<Remote> remotes, ConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using var client = Connect(remotes, options);
        return await client.LoadAsync(cancellationToken);
    }
}
