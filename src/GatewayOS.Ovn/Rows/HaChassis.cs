using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A candidate in an HA chassis group. Source: ovn-sb(5) HA_Chassis.</summary>
public sealed record HaChassis : IRow<HaChassis>
{
    public static string TableName => "HA_Chassis";

    public Guid Uuid { get; init; }

    public Guid? Chassis { get; init; }

    /// <summary>0 to 32767; the highest that lives wins.</summary>
    public int Priority { get; init; }

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static HaChassis Read(Guid uuid, RowReader columns, HaChassis? old) => new()
    {
        Uuid = uuid,
        Chassis = columns.OptionalUuid("chassis", old?.Chassis),
        Priority = columns.Number("priority", old?.Priority),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
