using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>Members of an IP multicast group. Source: ovn-sb(5) IGMP_Group.</summary>
public sealed record IgmpGroup : IRow<IgmpGroup>
{
    public static string TableName => "IGMP_Group";

    public Guid Uuid { get; init; }

    /// <summary>An address, or mrouters.</summary>
    public string Address { get; init; } = "";

    /// <summary>Newer versions.</summary>
    public string Protocol { get; init; } = "";

    public Guid? Datapath { get; init; }

    public Guid? Chassis { get; init; }

    /// <summary>Newer versions.</summary>
    public string ChassisName { get; init; } = "";

    public EquatableArray<Guid> Ports { get; init; }

    public static IgmpGroup Read(Guid uuid, RowReader columns, IgmpGroup? old) => new()
    {
        Uuid = uuid,
        Address = columns.Text("address", old?.Address),
        Protocol = columns.Text("protocol", old?.Protocol),
        Datapath = columns.OptionalUuid("datapath", old?.Datapath),
        Chassis = columns.OptionalUuid("chassis", old?.Chassis),
        ChassisName = columns.Text("chassis_name", old?.ChassisName),
        Ports = columns.UuidSet("ports", old?.Ports),
    };
}
