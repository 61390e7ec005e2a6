using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>The settings of the whole switch; there is one row. Source: ovs-vswitchd.conf.db(5) Open_vSwitch.</summary>
public sealed record OpenVSwitchRow : IRow<OpenVSwitchRow>
{
    public static string TableName => "Open_vSwitch";

    public Guid Uuid { get; init; }

    public EquatableArray<Guid> Bridges { get; init; }

    public EquatableArray<string> DatapathTypes { get; init; }

    public string? OvsVersion { get; init; }

    public Guid? Ssl { get; init; }

    public TextMap OtherConfig { get; init; } = TextMap.Empty;

    /// <summary>Here ovn-controller's settings are: see <see cref="ChassisSettings"/>.</summary>
    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static OpenVSwitchRow Read(Guid uuid, RowReader columns, OpenVSwitchRow? old) => new()
    {
        Uuid = uuid,
        Bridges = columns.UuidSet("bridges", old?.Bridges),
        DatapathTypes = columns.TextSet("datapath_types", old?.DatapathTypes),
        OvsVersion = columns.OptionalText("ovs_version", old?.OvsVersion),
        Ssl = columns.OptionalUuid("ssl", old?.Ssl),
        OtherConfig = columns.Map("other_config", old?.OtherConfig),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
