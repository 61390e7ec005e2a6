using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A named set of ports of one datapath. Source: ovn-sb(5) Multicast_Group.</summary>
public sealed record MulticastGroup : IRow<MulticastGroup>
{
    public static string TableName => "Multicast_Group";

    public Guid Uuid { get; init; }

    public Guid Datapath { get; init; }

    /// <summary>For example _MC_flood, _MC_unknown.</summary>
    public string Name { get; init; } = "";

    /// <summary>32768 to 65535.</summary>
    public int TunnelKey { get; init; }

    /// <summary>Port_Binding rows.</summary>
    public EquatableArray<Guid> Ports { get; init; }

    public static MulticastGroup Read(Guid uuid, RowReader columns, MulticastGroup? old) => new()
    {
        Uuid = uuid,
        Datapath = columns.Uuid("datapath", old?.Datapath),
        Name = columns.Text("name", old?.Name),
        TunnelKey = columns.Number("tunnel_key", old?.TunnelKey),
        Ports = columns.UuidSet("ports", old?.Ports),
    };
}
