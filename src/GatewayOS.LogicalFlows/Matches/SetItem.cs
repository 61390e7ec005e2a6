namespace GatewayOS.LogicalFlows;

/// <summary>One item of the right-hand side of a comparison: <c>field == {item, item}</c>.</summary>
public abstract record SetItem
{
    private SetItem()
    {
    }

    public sealed record Number(Constant Value) : SetItem;

    public sealed record Text(string Value) : SetItem;

    /// <summary><c>$name</c>: the addresses of a southbound Address_Set.</summary>
    public sealed record AddressSet(string Name) : SetItem;

    /// <summary><c>@name</c>: the ports of a southbound Port_Group.</summary>
    public sealed record PortGroup(string Name) : SetItem;
}
