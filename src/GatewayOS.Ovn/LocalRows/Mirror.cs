using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>Which packets of a bridge are copied, and where to. Source: ovs-vswitchd.conf.db(5) Mirror.</summary>
public sealed record Mirror : IRow<Mirror>
{
    public static string TableName => "Mirror";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Every packet of the bridge, whatever the ports below say.</summary>
    public bool SelectAll { get; init; }

    /// <summary>Ports whose arriving packets are copied.</summary>
    public EquatableArray<Guid> SelectSrcPort { get; init; }

    /// <summary>Ports whose departing packets are copied.</summary>
    public EquatableArray<Guid> SelectDstPort { get; init; }

    /// <summary>A port that carries nothing but copies; null when they go to a VLAN.</summary>
    public Guid? OutputPort { get; init; }

    public static Mirror Read(Guid uuid, RowReader columns, Mirror? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        SelectAll = columns.Boolean("select_all", old?.SelectAll),
        SelectSrcPort = columns.UuidSet("select_src_port", old?.SelectSrcPort),
        SelectDstPort = columns.UuidSet("select_dst_port", old?.SelectDstPort),
        OutputPort = columns.OptionalUuid("output_port", old?.OutputPort),
    };
}
