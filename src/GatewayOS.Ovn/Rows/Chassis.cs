using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A hypervisor or gateway that runs ovn-controller. Source: ovn-sb(5) Chassis.</summary>
public sealed record Chassis : IRow<Chassis>
{
    public static string TableName => "Chassis";

    public Guid Uuid { get; init; }

    /// <summary>The chassis' system-id.</summary>
    public string Name { get; init; } = "";

    public string Hostname { get; init; } = "";

    /// <summary>Encap rows, one per tunnel type and local address.</summary>
    public EquatableArray<Guid> Encaps { get; init; }

    public EquatableArray<string> VtepLogicalSwitches { get; init; }

    public EquatableArray<string> TransportZones { get; init; }

    public long NbCfg { get; init; }

    /// <summary>ovn-bridge-mappings, feature flags and other settings the chassis published.</summary>
    public TextMap OtherConfig { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static Chassis Read(Guid uuid, RowReader columns, Chassis? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Hostname = columns.Text("hostname", old?.Hostname),
        Encaps = columns.UuidSet("encaps", old?.Encaps),
        VtepLogicalSwitches = columns.TextSet("vtep_logical_switches", old?.VtepLogicalSwitches),
        TransportZones = columns.TextSet("transport_zones", old?.TransportZones),
        NbCfg = columns.LongNumber("nb_cfg", old?.NbCfg),
        OtherConfig = columns.Map("other_config", old?.OtherConfig),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
