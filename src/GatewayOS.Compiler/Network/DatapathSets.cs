using System.Globalization;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>Address sets, and port groups as one datapath has them: the southbound name of a group is <c>key_name</c>.</summary>
public sealed class DatapathSets(SharedSets sets, int datapathKey) : INamedSets
{
    private readonly string _prefix = datapathKey.ToString(CultureInfo.InvariantCulture) + "_";

    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items) => sets.TryGetAddressSet(name, out items);

    public bool TryGetPortGroup(string name, out EquatableArray<string> ports) => sets.TryGetPortGroup(_prefix + name, out ports);
}
