using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A BFD session of a logical router port. Source: ovn-sb(5) BFD.</summary>
public sealed record Bfd : IRow<Bfd>
{
    public static string TableName => "BFD";

    public Guid Uuid { get; init; }

    public string LogicalPort { get; init; } = "";

    public string DstIp { get; init; } = "";

    public int SrcPort { get; init; }

    public long Disc { get; init; }

    /// <summary>Milliseconds.</summary>
    public long MinTx { get; init; }

    /// <summary>Milliseconds.</summary>
    public long MinRx { get; init; }

    public long DetectMult { get; init; }

    /// <summary>down, init, up or admin_down.</summary>
    public string Status { get; init; } = "";

    public string ChassisName { get; init; } = "";

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static Bfd Read(Guid uuid, RowReader columns, Bfd? old) => new()
    {
        Uuid = uuid,
        LogicalPort = columns.Text("logical_port", old?.LogicalPort),
        DstIp = columns.Text("dst_ip", old?.DstIp),
        SrcPort = columns.Number("src_port", old?.SrcPort),
        Disc = columns.LongNumber("disc", old?.Disc),
        MinTx = columns.LongNumber("min_tx", old?.MinTx),
        MinRx = columns.LongNumber("min_rx", old?.MinRx),
        DetectMult = columns.LongNumber("detect_mult", old?.DetectMult),
        Status = columns.Text("status", old?.Status),
        ChassisName = columns.Text("chassis_name", old?.ChassisName),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
