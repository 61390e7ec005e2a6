using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovn.Rows;

/// <summary>The addresses behind <c>$name</c> in a match. Source: ovn-sb(5) Address_Set.</summary>
public sealed record AddressSet : IRow<AddressSet>
{
    public static string TableName => "Address_Set";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Addresses, masked addresses or MACs, as text.</summary>
    public EquatableArray<string> Addresses { get; init; }

    public static AddressSet Read(Guid uuid, RowReader columns, AddressSet? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Addresses = columns.TextSet("addresses", old?.Addresses),
    };
}
