using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A neighbour that the operator configured. Source: ovn-sb(5) Static_MAC_Binding.</summary>
public sealed record StaticMacBinding : IRow<StaticMacBinding>
{
    public static string TableName => "Static_MAC_Binding";

    public Guid Uuid { get; init; }

    public string LogicalPort { get; init; } = "";

    public Guid Datapath { get; init; }

    public string Ip { get; init; } = "";

    public string Mac { get; init; } = "";

    /// <summary>Whether it wins over a MAC_Binding.</summary>
    public bool OverrideDynamicMac { get; init; }

    public static StaticMacBinding Read(Guid uuid, RowReader columns, StaticMacBinding? old) => new()
    {
        Uuid = uuid,
        LogicalPort = columns.Text("logical_port", old?.LogicalPort),
        Datapath = columns.Uuid("datapath", old?.Datapath),
        Ip = columns.Text("ip", old?.Ip),
        Mac = columns.Text("mac", old?.Mac),
        OverrideDynamicMac = columns.Boolean("override_dynamic_mac", old?.OverrideDynamicMac),
    };
}
