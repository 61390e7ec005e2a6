using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.LocalRows;

/// <summary>A network device in a bridge. Source: ovs-vswitchd.conf.db(5) Interface.</summary>
public sealed record Interface : IRow<Interface>
{
    public static string TableName => "Interface";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Empty or system, internal, patch, geneve, vxlan, dpdk ...</summary>
    public string Type { get; init; } = "";

    /// <summary>The OpenFlow port number; -1 if the device could not be opened.</summary>
    public int? Ofport { get; init; }

    public int? OfportRequest { get; init; }

    public int? Ifindex { get; init; }

    public string? MacInUse { get; init; }

    public string? Mac { get; init; }

    /// <summary>Octets of an Ethernet frame without its header, in use.</summary>
    public int? Mtu { get; init; }

    public int? MtuRequest { get; init; }

    /// <summary>up or down.</summary>
    public string? AdminState { get; init; }

    /// <summary>up or down.</summary>
    public string? LinkState { get; init; }

    public string? Error { get; init; }

    /// <summary>Kilobits a second; 0 is unlimited.</summary>
    public long IngressPolicingRate { get; init; }

    /// <summary>Kilobits.</summary>
    public long IngressPolicingBurst { get; init; }

    /// <summary>Thousands of packets a second; 0 is unlimited.</summary>
    public long IngressPolicingKpktsRate { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap OtherConfig { get; init; } = TextMap.Empty;

    /// <summary>iface-id: the logical port it is.</summary>
    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    /// <summary>The logical port the interface is, or null.</summary>
    public string? IfaceId => ExternalIds.Find("iface-id");

    public static Interface Read(Guid uuid, RowReader columns, Interface? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Type = columns.Text("type", old?.Type),
        Ofport = columns.OptionalNumber("ofport", old?.Ofport),
        OfportRequest = columns.OptionalNumber("ofport_request", old?.OfportRequest),
        Ifindex = columns.OptionalNumber("ifindex", old?.Ifindex),
        MacInUse = columns.OptionalText("mac_in_use", old?.MacInUse),
        Mac = columns.OptionalText("mac", old?.Mac),
        Mtu = columns.OptionalNumber("mtu", old?.Mtu),
        MtuRequest = columns.OptionalNumber("mtu_request", old?.MtuRequest),
        AdminState = columns.OptionalText("admin_state", old?.AdminState),
        LinkState = columns.OptionalText("link_state", old?.LinkState),
        Error = columns.OptionalText("error", old?.Error),
        IngressPolicingRate = columns.LongNumber("ingress_policing_rate", old?.IngressPolicingRate),
        IngressPolicingBurst = columns.LongNumber("ingress_policing_burst", old?.IngressPolicingBurst),
        IngressPolicingKpktsRate = columns.LongNumber("ingress_policing_kpkts_rate", old?.IngressPolicingKpktsRate),
        Options = columns.Map("options", old?.Options),
        OtherConfig = columns.Map("other_config", old?.OtherConfig),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
