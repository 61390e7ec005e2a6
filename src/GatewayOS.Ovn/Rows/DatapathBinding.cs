using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A logical switch or router. Source: ovn-sb(5) Datapath_Binding.</summary>
public sealed record DatapathBinding : IRow<DatapathBinding>
{
    public static string TableName => "Datapath_Binding";

    public Guid Uuid { get; init; }

    /// <summary>1 to 16777215, the VNI.</summary>
    public int TunnelKey { get; init; }

    /// <summary>logical-switch or logical-router in newer versions; see also <see cref="IsRouter"/>.</summary>
    public string? Type { get; init; }

    /// <summary>The northbound row, in newer versions; before, external_ids names it.</summary>
    public Guid? NbUuid { get; init; }

    /// <summary>Not written by recent versions.</summary>
    public EquatableArray<Guid> LoadBalancers { get; init; }

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    /// <summary>Whether this is a logical router, in any version of OVN.</summary>
    public bool IsRouter =>
        string.Equals(Type, "logical-router", StringComparison.Ordinal) || ExternalIds.ContainsKey("logical-router");

    /// <summary>The northbound name, or an empty text.</summary>
    public string Name => ExternalIds.Find("name") ?? "";

    public static DatapathBinding Read(Guid uuid, RowReader columns, DatapathBinding? old) => new()
    {
        Uuid = uuid,
        TunnelKey = columns.Number("tunnel_key", old?.TunnelKey),
        Type = columns.OptionalText("type", old?.Type),
        NbUuid = columns.OptionalUuid("nb_uuid", old?.NbUuid),
        LoadBalancers = columns.UuidSet("load_balancers", old?.LoadBalancers),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
