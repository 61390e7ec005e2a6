using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>What only the chassis itself needs to see of its state. Source: ovn-sb(5) Chassis_Private.</summary>
public sealed record ChassisPrivate : IRow<ChassisPrivate>
{
    public static string TableName => "Chassis_Private";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    public Guid? ChassisUuid { get; init; }

    public long NbCfg { get; init; }

    /// <summary>Milliseconds since the epoch.</summary>
    public long NbCfgTimestamp { get; init; }

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static ChassisPrivate Read(Guid uuid, RowReader columns, ChassisPrivate? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        ChassisUuid = columns.OptionalUuid("chassis", old?.ChassisUuid),
        NbCfg = columns.LongNumber("nb_cfg", old?.NbCfg),
        NbCfgTimestamp = columns.LongNumber("nb_cfg_timestamp", old?.NbCfgTimestamp),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
