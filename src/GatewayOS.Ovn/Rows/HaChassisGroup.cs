using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>Candidates to host chassisredirect, virtual or external ports. Source: ovn-sb(5) HA_Chassis_Group.</summary>
public sealed record HaChassisGroup : IRow<HaChassisGroup>
{
    public static string TableName => "HA_Chassis_Group";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>HA_Chassis rows.</summary>
    public EquatableArray<Guid> HaChassis { get; init; }

    /// <summary>Chassis that need BFD with the candidates.</summary>
    public EquatableArray<Guid> RefChassis { get; init; }

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static HaChassisGroup Read(Guid uuid, RowReader columns, HaChassisGroup? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        HaChassis = columns.UuidSet("ha_chassis", old?.HaChassis),
        RefChassis = columns.UuidSet("ref_chassis", old?.RefChassis),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
