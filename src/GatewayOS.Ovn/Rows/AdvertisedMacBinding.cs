using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A neighbour to announce; newer versions. Source: ovn-sb(5) Advertised_MAC_Binding.</summary>
public sealed record AdvertisedMacBinding : IRow<AdvertisedMacBinding>
{
    public static string TableName => "Advertised_MAC_Binding";

    public Guid Uuid { get; init; }

    public Guid Datapath { get; init; }

    /// <summary>A Port_Binding row.</summary>
    public Guid LogicalPort { get; init; }

    public string Ip { get; init; } = "";

    public string Mac { get; init; } = "";

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static AdvertisedMacBinding Read(Guid uuid, RowReader columns, AdvertisedMacBinding? old) => new()
    {
        Uuid = uuid,
        Datapath = columns.Uuid("datapath", old?.Datapath),
        LogicalPort = columns.Uuid("logical_port", old?.LogicalPort),
        Ip = columns.Text("ip", old?.Ip),
        Mac = columns.Text("mac", old?.Mac),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
