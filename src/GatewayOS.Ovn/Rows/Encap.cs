using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>One tunnel endpoint of a chassis. Source: ovn-sb(5) Encap.</summary>
public sealed record Encap : IRow<Encap>
{
    public static string TableName => "Encap";

    public Guid Uuid { get; init; }

    /// <summary>geneve, vxlan or, in older versions, stt.</summary>
    public string Type { get; init; } = "";

    /// <summary>The endpoint's outer address.</summary>
    public string Ip { get; init; } = "";

    public string ChassisName { get; init; } = "";

    public TextMap Options { get; init; } = TextMap.Empty;

    public static Encap Read(Guid uuid, RowReader columns, Encap? old) => new()
    {
        Uuid = uuid,
        Type = columns.Text("type", old?.Type),
        Ip = columns.Text("ip", old?.Ip),
        ChassisName = columns.Text("chassis_name", old?.ChassisName),
        Options = columns.Map("options", old?.Options),
    };
}
