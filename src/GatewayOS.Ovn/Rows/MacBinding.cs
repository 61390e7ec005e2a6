using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A neighbour that a router port learned. Source: ovn-sb(5) MAC_Binding.</summary>
public sealed record MacBinding : IRow<MacBinding>
{
    public static string TableName => "MAC_Binding";

    public Guid Uuid { get; init; }

    public string LogicalPort { get; init; } = "";

    public Guid Datapath { get; init; }

    public string Ip { get; init; } = "";

    public string Mac { get; init; } = "";

    /// <summary>Milliseconds since the epoch; newer versions.</summary>
    public long Timestamp { get; init; }

    public static MacBinding Read(Guid uuid, RowReader columns, MacBinding? old) => new()
    {
        Uuid = uuid,
        LogicalPort = columns.Text("logical_port", old?.LogicalPort),
        Datapath = columns.Uuid("datapath", old?.Datapath),
        Ip = columns.Text("ip", old?.Ip),
        Mac = columns.Text("mac", old?.Mac),
        Timestamp = columns.LongNumber("timestamp", old?.Timestamp),
    };
}
