using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A DHCPv6 option that put_dhcpv6_opts may name. Source: ovn-sb(5) DHCPv6_Options.</summary>
public sealed record Dhcpv6Options : IRow<Dhcpv6Options>
{
    public static string TableName => "DHCPv6_Options";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    public int Code { get; init; }

    public string Type { get; init; } = "";

    public static Dhcpv6Options Read(Guid uuid, RowReader columns, Dhcpv6Options? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Code = columns.Number("code", old?.Code),
        Type = columns.Text("type", old?.Type),
    };
}
