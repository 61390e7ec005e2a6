using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>A bridge. Source: ovs-vswitchd.conf.db(5) Bridge.</summary>
public sealed record Bridge : IRow<Bridge>
{
    public static string TableName => "Bridge";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Empty or system for the kernel, netdev for user space.</summary>
    public string DatapathType { get; init; } = "";

    public string? DatapathId { get; init; }

    public string? FailMode { get; init; }

    public EquatableArray<Guid> Ports { get; init; }

    /// <summary>Copies of packets that it makes (<see cref="Mirror"/>).</summary>
    public EquatableArray<Guid> Mirrors { get; init; }

    /// <summary>OpenFlow controllers; ovn-controller needs none.</summary>
    public EquatableArray<Guid> Controllers { get; init; }

    public bool StpEnable { get; init; }

    public bool RstpEnable { get; init; }

    /// <summary>Whether it sends multicast only to those who joined.</summary>
    public bool McastSnoopingEnable { get; init; }

    /// <summary>Where samples of packets go, if anywhere.</summary>
    public Guid? Sflow { get; init; }

    /// <inheritdoc cref="Sflow"/>
    public Guid? Netflow { get; init; }

    /// <inheritdoc cref="Sflow"/>
    public Guid? Ipfix { get; init; }

    public TextMap OtherConfig { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static Bridge Read(Guid uuid, RowReader columns, Bridge? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        DatapathType = columns.Text("datapath_type", old?.DatapathType),
        DatapathId = columns.OptionalText("datapath_id", old?.DatapathId),
        FailMode = columns.OptionalText("fail_mode", old?.FailMode),
        Ports = columns.UuidSet("ports", old?.Ports),
        Mirrors = columns.UuidSet("mirrors", old?.Mirrors),
        Controllers = columns.UuidSet("controller", old?.Controllers),
        StpEnable = columns.Boolean("stp_enable", old?.StpEnable),
        RstpEnable = columns.Boolean("rstp_enable", old?.RstpEnable),
        McastSnoopingEnable = columns.Boolean("mcast_snooping_enable", old?.McastSnoopingEnable),
        Sflow = columns.OptionalUuid("sflow", old?.Sflow),
        Netflow = columns.OptionalUuid("netflow", old?.Netflow),
        Ipfix = columns.OptionalUuid("ipfix", old?.Ipfix),
        OtherConfig = columns.Map("other_config", old?.OtherConfig),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
