using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A candidate to host a chassisredirect port. Source: ovn-sb(5) Gateway_Chassis.</summary>
public sealed record GatewayChassis : IRow<GatewayChassis>
{
    public static string TableName => "Gateway_Chassis";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    public Guid? Chassis { get; init; }

    /// <summary>0 to 32767; the highest that lives wins.</summary>
    public int Priority { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static GatewayChassis Read(Guid uuid, RowReader columns, GatewayChassis? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Chassis = columns.OptionalUuid("chassis", old?.Chassis),
        Priority = columns.Number("priority", old?.Priority),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
