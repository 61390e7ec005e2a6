using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>Names that OVN answers for. Source: ovn-sb(5) DNS.</summary>
public sealed record Dns : IRow<Dns>
{
    public static string TableName => "DNS";

    public Guid Uuid { get; init; }

    /// <summary>Name to addresses, separated by spaces.</summary>
    public TextMap Records { get; init; } = TextMap.Empty;

    public EquatableArray<Guid> Datapaths { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static Dns Read(Guid uuid, RowReader columns, Dns? old) => new()
    {
        Uuid = uuid,
        Records = columns.Map("records", old?.Records),
        Datapaths = columns.UuidSet("datapaths", old?.Datapaths),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
