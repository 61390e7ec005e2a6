using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>One rule of a logical pipeline. Source: ovn-sb(5) Logical_Flow.</summary>
public sealed record LogicalFlow : IRow<LogicalFlow>
{
    public static string TableName => "Logical_Flow";

    public Guid Uuid { get; init; }

    /// <summary>The datapath, when the flow applies to just one.</summary>
    public Guid? LogicalDatapath { get; init; }

    /// <summary>The group of datapaths, when it applies to several.</summary>
    public Guid? LogicalDpGroup { get; init; }

    /// <summary>ingress or egress.</summary>
    public string Pipeline { get; init; } = "";

    public int TableId { get; init; }

    /// <summary>0 to 65535; the highest that matches wins.</summary>
    public int Priority { get; init; }

    public string Match { get; init; } = "";

    public string Actions { get; init; } = "";

    /// <summary>in_out_port: the logical port without which the flow is not needed; acl_ct_translation.</summary>
    public TextMap Tags { get; init; } = TextMap.Empty;

    public string? ControllerMeter { get; init; }

    public string? FlowDesc { get; init; }

    /// <summary>stage-name, stage-hint (first digits of the northbound row) and source (a line of northd).</summary>
    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public bool IsIngress => string.Equals(Pipeline, "ingress", StringComparison.Ordinal);

    /// <summary>Whether <c>tcp</c>, <c>udp.dst</c> and the like in the match ask conntrack's original tuple (OVN 26.03, an ACL with fragments).</summary>
    public bool AsksConnectionForPorts => string.Equals(Tags.Find("acl_ct_translation"), "true", StringComparison.OrdinalIgnoreCase);

    public static LogicalFlow Read(Guid uuid, RowReader columns, LogicalFlow? old) => new()
    {
        Uuid = uuid,
        LogicalDatapath = columns.OptionalUuid("logical_datapath", old?.LogicalDatapath),
        LogicalDpGroup = columns.OptionalUuid("logical_dp_group", old?.LogicalDpGroup),
        Pipeline = columns.Text("pipeline", old?.Pipeline),
        TableId = columns.Number("table_id", old?.TableId),
        Priority = columns.Number("priority", old?.Priority),
        Match = columns.Text("match", old?.Match),
        Actions = columns.Text("actions", old?.Actions),
        Tags = columns.Map("tags", old?.Tags),
        ControllerMeter = columns.OptionalText("controller_meter", old?.ControllerMeter),
        FlowDesc = columns.OptionalText("flow_desc", old?.FlowDesc),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
