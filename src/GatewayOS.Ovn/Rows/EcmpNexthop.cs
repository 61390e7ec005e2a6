using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A next hop of a symmetric-reply ECMP route; newer versions. Source: ovn-sb(5) ECMP_Nexthop.</summary>
public sealed record EcmpNexthop : IRow<EcmpNexthop>
{
    public static string TableName => "ECMP_Nexthop";

    public Guid Uuid { get; init; }

    public string Nexthop { get; init; } = "";

    public Guid Port { get; init; }

    public Guid Datapath { get; init; }

    public string Mac { get; init; } = "";

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static EcmpNexthop Read(Guid uuid, RowReader columns, EcmpNexthop? old) => new()
    {
        Uuid = uuid,
        Nexthop = columns.Text("nexthop", old?.Nexthop),
        Port = columns.Uuid("port", old?.Port),
        Datapath = columns.Uuid("datapath", old?.Datapath),
        Mac = columns.Text("mac", old?.Mac),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
