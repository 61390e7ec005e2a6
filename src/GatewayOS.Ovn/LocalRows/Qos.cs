using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>How the packets that leave by a port are shaped. Source: ovs-vswitchd.conf.db(5) QoS.</summary>
public sealed record Qos : IRow<Qos>
{
    public static string TableName => "QoS";

    public Guid Uuid { get; init; }

    /// <summary>linux-htb, linux-noop, egress-policer ...</summary>
    public string Type { get; init; } = "";

    /// <summary>OVS leaves the port alone; ovn-controller sets it on ports that tunnels leave by.</summary>
    public bool IsNone => Type is "" or "linux-noop";

    public static Qos Read(Guid uuid, RowReader columns, Qos? old) => new()
    {
        Uuid = uuid,
        Type = columns.Text("type", old?.Type),
    };
}
