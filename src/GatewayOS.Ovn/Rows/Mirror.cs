using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A port mirror. Source: ovn-sb(5) Mirror.</summary>
public sealed record Mirror : IRow<Mirror>
{
    public static string TableName => "Mirror";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>from-lport, to-lport or both.</summary>
    public string Filter { get; init; } = "";

    public string Sink { get; init; } = "";

    /// <summary>gre, erspan, local or lport.</summary>
    public string Type { get; init; } = "";

    public long Index { get; init; }

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static Mirror Read(Guid uuid, RowReader columns, Mirror? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Filter = columns.Text("filter", old?.Filter),
        Sink = columns.Text("sink", old?.Sink),
        Type = columns.Text("type", old?.Type),
        Index = columns.LongNumber("index", old?.Index),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
