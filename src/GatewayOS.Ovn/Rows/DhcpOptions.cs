using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>A DHCPv4 option that put_dhcp_opts may name. Source: ovn-sb(5) DHCP_Options.</summary>
public sealed record DhcpOptions : IRow<DhcpOptions>
{
    public static string TableName => "DHCP_Options";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    public int Code { get; init; }

    public string Type { get; init; } = "";

    public static DhcpOptions Read(Guid uuid, RowReader columns, DhcpOptions? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Code = columns.Number("code", old?.Code),
        Type = columns.Text("type", old?.Type),
    };
}
