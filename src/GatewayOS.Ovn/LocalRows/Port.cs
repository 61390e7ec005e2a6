using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>A port of a bridge: one interface, or several of a bond. Source: ovs-vswitchd.conf.db(5) Port.</summary>
public sealed record Port : IRow<Port>
{
    public static string TableName => "Port";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    public EquatableArray<Guid> Interfaces { get; init; }

    /// <summary>The VLAN of an access port.</summary>
    public int? Tag { get; init; }

    public EquatableArray<long> Trunks { get; init; }

    public string? VlanMode { get; init; }

    /// <summary>What shapes the packets that leave by it, if anything.</summary>
    public Guid? Qos { get; init; }

    /// <summary>No packet goes from one protected port of a bridge to another.</summary>
    public bool IsProtected { get; init; }

    public TextMap OtherConfig { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static Port Read(Guid uuid, RowReader columns, Port? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Interfaces = columns.UuidSet("interfaces", old?.Interfaces),
        Tag = columns.OptionalNumber("tag", old?.Tag),
        Trunks = columns.NumberSet("trunks", old?.Trunks),
        VlanMode = columns.OptionalText("vlan_mode", old?.VlanMode),
        Qos = columns.OptionalUuid("qos", old?.Qos),
        IsProtected = columns.Boolean("protected", old?.IsProtected),
        OtherConfig = columns.Map("other_config", old?.OtherConfig),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
