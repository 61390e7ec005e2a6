using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A set of datapaths that share logical flows or load balancers. Source: ovn-sb(5) Logical_DP_Group.</summary>
public sealed record LogicalDpGroup : IRow<LogicalDpGroup>
{
    public static string TableName => "Logical_DP_Group";

    public Guid Uuid { get; init; }

    public EquatableArray<Guid> Datapaths { get; init; }

    public static LogicalDpGroup Read(Guid uuid, RowReader columns, LogicalDpGroup? old) => new()
    {
        Uuid = uuid,
        Datapaths = columns.UuidSet("datapaths", old?.Datapaths),
    };
}
