using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A route to announce; newer versions. Source: ovn-sb(5) Advertised_Route.</summary>
public sealed record AdvertisedRoute : IRow<AdvertisedRoute>
{
    public static string TableName => "Advertised_Route";

    public Guid Uuid { get; init; }

    public Guid Datapath { get; init; }

    /// <summary>A Port_Binding row.</summary>
    public Guid LogicalPort { get; init; }

    public string IpPrefix { get; init; } = "";

    public Guid? TrackedPort { get; init; }

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static AdvertisedRoute Read(Guid uuid, RowReader columns, AdvertisedRoute? old) => new()
    {
        Uuid = uuid,
        Datapath = columns.Uuid("datapath", old?.Datapath),
        LogicalPort = columns.Uuid("logical_port", old?.LogicalPort),
        IpPrefix = columns.Text("ip_prefix", old?.IpPrefix),
        TrackedPort = columns.OptionalUuid("tracked_port", old?.TrackedPort),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
