using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A rate limit that actions name. Source: ovn-sb(5) Meter.</summary>
public sealed record Meter : IRow<Meter>
{
    public static string TableName => "Meter";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>kbps or pktps.</summary>
    public string Unit { get; init; } = "";

    public EquatableArray<Guid> Bands { get; init; }

    public static Meter Read(Guid uuid, RowReader columns, Meter? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Unit = columns.Text("unit", old?.Unit),
        Bands = columns.UuidSet("bands", old?.Bands),
    };
}
