using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A MAC that a logical switch learned on a port with unknown addresses. Source: ovn-sb(5) FDB.</summary>
public sealed record Fdb : IRow<Fdb>
{
    public static string TableName => "FDB";

    public Guid Uuid { get; init; }

    public string Mac { get; init; } = "";

    /// <summary>The datapath's tunnel key.</summary>
    public int DpKey { get; init; }

    /// <summary>The port's tunnel key.</summary>
    public int PortKey { get; init; }

    /// <summary>Milliseconds since the epoch; newer versions.</summary>
    public long Timestamp { get; init; }

    public static Fdb Read(Guid uuid, RowReader columns, Fdb? old) => new()
    {
        Uuid = uuid,
        Mac = columns.Text("mac", old?.Mac),
        DpKey = columns.Number("dp_key", old?.DpKey),
        PortKey = columns.Number("port_key", old?.PortKey),
        Timestamp = columns.LongNumber("timestamp", old?.Timestamp),
    };
}
