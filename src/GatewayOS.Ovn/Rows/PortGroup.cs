using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>The ports behind <c>@name</c> in a match. Source: ovn-sb(5) Port_Group.</summary>
public sealed record PortGroup : IRow<PortGroup>
{
    public static string TableName => "Port_Group";

    public Guid Uuid { get; init; }

    /// <summary>In full <c>datapath-key_name</c>: northd makes one row per datapath of the northbound group.</summary>
    public string Name { get; init; } = "";

    /// <summary>Names of logical ports.</summary>
    public EquatableArray<string> Ports { get; init; }

    public static PortGroup Read(Guid uuid, RowReader columns, PortGroup? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Ports = columns.TextSet("ports", old?.Ports),
    };
}
