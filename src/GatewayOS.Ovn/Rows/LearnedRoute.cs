using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A route learned from a dynamic routing protocol; newer versions. Source: ovn-sb(5) Learned_Route.</summary>
public sealed record LearnedRoute : IRow<LearnedRoute>
{
    public static string TableName => "Learned_Route";

    public Guid Uuid { get; init; }

    public Guid Datapath { get; init; }

    /// <summary>A Port_Binding row.</summary>
    public Guid LogicalPort { get; init; }

    public string IpPrefix { get; init; } = "";

    public string Nexthop { get; init; } = "";

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static LearnedRoute Read(Guid uuid, RowReader columns, LearnedRoute? old) => new()
    {
        Uuid = uuid,
        Datapath = columns.Uuid("datapath", old?.Datapath),
        LogicalPort = columns.Uuid("logical_port", old?.LogicalPort),
        IpPrefix = columns.Text("ip_prefix", old?.IpPrefix),
        Nexthop = columns.Text("nexthop", old?.Nexthop),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
