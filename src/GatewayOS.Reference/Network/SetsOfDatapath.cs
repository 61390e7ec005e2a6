using System.Globalization;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Network;

/// <summary>The sets as the flows of one datapath name them: the southbound name of the group <c>@pg</c> is <c>key_pg</c> (ovn-sb(5), Port_Group).</summary>
internal sealed class SetsOfDatapath(SetsByName sets, int datapathKey) : INamedSets
{
    private readonly string _prefix = datapathKey.ToString(CultureInfo.InvariantCulture) + "_";

    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items) => sets.TryGetAddressSet(name, out items);

    public bool TryGetPortGroup(string name, out EquatableArray<string> ports) => sets.TryGetPortGroup(_prefix + name, out ports);
}
