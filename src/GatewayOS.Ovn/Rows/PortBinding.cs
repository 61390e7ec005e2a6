using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A logical port and where it is bound. Source: ovn-sb(5) Port_Binding.</summary>
public sealed record PortBinding : IRow<PortBinding>
{
    public static string TableName => "Port_Binding";

    public Guid Uuid { get; init; }

    /// <summary>The port's name, unique in the deployment.</summary>
    public string LogicalPort { get; init; } = "";

    /// <summary>Empty for a VIF, else patch, l3gateway, localnet, localport, l2gateway, vtep, chassisredirect, virtual, remote, external, mirror.</summary>
    public string Type { get; init; } = "";

    public Guid Datapath { get; init; }

    /// <summary>1 to 32767.</summary>
    public int TunnelKey { get; init; }

    /// <summary>For a nested container: the port of the VM it runs in.</summary>
    public string? ParentPort { get; init; }

    public string? MirrorPort { get; init; }

    /// <summary>VLAN of a nested container, localnet or l2gateway port.</summary>
    public int? Tag { get; init; }

    public string? VirtualParent { get; init; }

    /// <summary>Where the port resides now.</summary>
    public Guid? Chassis { get; init; }

    /// <summary>Where it resides too, during a live migration.</summary>
    public EquatableArray<Guid> AdditionalChassis { get; init; }

    public Guid? Encap { get; init; }

    public EquatableArray<Guid> AdditionalEncap { get; init; }

    public Guid? RequestedChassis { get; init; }

    public EquatableArray<Guid> RequestedAdditionalChassis { get; init; }

    /// <summary>Gateway_Chassis rows.</summary>
    public EquatableArray<Guid> GatewayChassis { get; init; }

    public Guid? HaChassisGroup { get; init; }

    public bool? Up { get; init; }

    /// <summary>Strings of a MAC and addresses, or unknown.</summary>
    public EquatableArray<string> Mac { get; init; }

    public EquatableArray<string> PortSecurity { get; init; }

    public EquatableArray<string> NatAddresses { get; init; }

    public EquatableArray<Guid> MirrorRules { get; init; }

    public TextMap Options { get; init; } = TextMap.Empty;

    public TextMap ExternalIds { get; init; } = TextMap.Empty;

    public static PortBinding Read(Guid uuid, RowReader columns, PortBinding? old) => new()
    {
        Uuid = uuid,
        LogicalPort = columns.Text("logical_port", old?.LogicalPort),
        Type = columns.Text("type", old?.Type),
        Datapath = columns.Uuid("datapath", old?.Datapath),
        TunnelKey = columns.Number("tunnel_key", old?.TunnelKey),
        ParentPort = columns.OptionalText("parent_port", old?.ParentPort),
        MirrorPort = columns.OptionalText("mirror_port", old?.MirrorPort),
        Tag = columns.OptionalNumber("tag", old?.Tag),
        VirtualParent = columns.OptionalText("virtual_parent", old?.VirtualParent),
        Chassis = columns.OptionalUuid("chassis", old?.Chassis),
        AdditionalChassis = columns.UuidSet("additional_chassis", old?.AdditionalChassis),
        Encap = columns.OptionalUuid("encap", old?.Encap),
        AdditionalEncap = columns.UuidSet("additional_encap", old?.AdditionalEncap),
        RequestedChassis = columns.OptionalUuid("requested_chassis", old?.RequestedChassis),
        RequestedAdditionalChassis = columns.UuidSet("requested_additional_chassis", old?.RequestedAdditionalChassis),
        GatewayChassis = columns.UuidSet("gateway_chassis", old?.GatewayChassis),
        HaChassisGroup = columns.OptionalUuid("ha_chassis_group", old?.HaChassisGroup),
        Up = columns.OptionalBoolean("up", old?.Up),
        Mac = columns.TextSet("mac", old?.Mac),
        PortSecurity = columns.TextSet("port_security", old?.PortSecurity),
        NatAddresses = columns.TextSet("nat_addresses", old?.NatAddresses),
        MirrorRules = columns.UuidSet("mirror_rules", old?.MirrorRules),
        Options = columns.Map("options", old?.Options),
        ExternalIds = columns.Map("external_ids", old?.ExternalIds),
    };
}
