using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A health check of a load balancer's backend. Source: ovn-sb(5) Service_Monitor.</summary>
public sealed record ServiceMonitor : IRow<ServiceMonitor>
{
    public static string TableName => "Service_Monitor";

    public Guid Uuid { get; init; }

    /// <summary>load-balancer, network-function or logical-switch-port; newer versions.</summary>
    public string? Type { get; init; }

    public string Ip { get; init; } = "";

    public string Mac { get; init; } = "";

    public string? Protocol { get; init; }

    public int Port { get; init; }

    public string LogicalPort { get; init; } = "";

    public string LogicalInputPort { get; init; } = "";

    /// <summary>Packets to it are for ovn-controller.</summary>
    public string SrcMac { get; init; } = "";

    public string SrcIp { get; init; } = "";

    public string ChassisName { get; init; } = "";

    /// <summary>online, offline or error.</summary>
    public string? Status { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static ServiceMonitor Read(Guid uuid, RowReader columns, ServiceMonitor? old) => new()
    {
        Uuid = uuid,
        Type = columns.OptionalText("type", old?.Type),
        Ip = columns.Text("ip", old?.Ip),
        Mac = columns.Text("mac", old?.Mac),
        Protocol = columns.OptionalText("protocol", old?.Protocol),
        Port = columns.Number("port", old?.Port),
        LogicalPort = columns.Text("logical_port", old?.LogicalPort),
        LogicalInputPort = columns.Text("logical_input_port", old?.LogicalInputPort),
        SrcMac = columns.Text("src_mac", old?.SrcMac),
        SrcIp = columns.Text("src_ip", old?.SrcIp),
        ChassisName = columns.Text("chassis_name", old?.ChassisName),
        Status = columns.OptionalText("status", old?.Status),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
