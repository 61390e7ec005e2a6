using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>What address sets and port groups contain, as seen from one datapath.</summary>
public interface INamedSets
{
    /// <summary>The items of <c>$name</c>, in the order of <see cref="AddressSetItems"/>.</summary>
    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items);

    /// <summary>
    /// The ports of <c>@name</c>. The row of the southbound Port_Group table is named after the tunnel key of the flow's
    /// datapath and this name: <c>3_name</c>.
    /// </summary>
    public bool TryGetPortGroup(string name, out EquatableArray<string> ports);
}
