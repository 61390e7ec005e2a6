using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>Virtual addresses and their backends. Source: ovn-sb(5) Load_Balancer.</summary>
public sealed record LoadBalancer : IRow<LoadBalancer>
{
    public static string TableName => "Load_Balancer";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>VIP[:port] to backends, separated by commas.</summary>
    public TextMap Vips { get; init; } = TextMap.Empty;

    /// <summary>tcp, udp or sctp.</summary>
    public string? Protocol { get; init; }

    /// <summary>Not written by recent versions.</summary>
    public EquatableArray<Guid> Datapaths { get; init; }

    /// <summary>Switches; before ls_datapath_group existed.</summary>
    public Guid? DatapathGroup { get; init; }

    public Guid? LsDatapathGroup { get; init; }

    public Guid? LrDatapathGroup { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static LoadBalancer Read(Guid uuid, RowReader columns, LoadBalancer? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Vips = columns.Map("vips", old?.Vips),
        Protocol = columns.OptionalText("protocol", old?.Protocol),
        Datapaths = columns.UuidSet("datapaths", old?.Datapaths),
        DatapathGroup = columns.OptionalUuid("datapath_group", old?.DatapathGroup),
        LsDatapathGroup = columns.OptionalUuid("ls_datapath_group", old?.LsDatapathGroup),
        LrDatapathGroup = columns.OptionalUuid("lr_datapath_group", old?.LrDatapathGroup),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
