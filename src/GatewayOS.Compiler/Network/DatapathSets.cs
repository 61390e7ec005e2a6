using System.Globalization;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>Address sets, and port groups as one datapath has them: the southbound name of a group is <c>key_name</c>.</summary>
/// <param name="sets">The sets of the database.</param>
/// <param name="datapathKey">The tunnel key of the datapath.</param>
/// <param name="used">Told the southbound name, with its sigil, of each set that is asked for, whether there is one or not.</param>
public sealed class DatapathSets(SharedSets sets, int datapathKey, Action<string> used) : INamedSets
{
    private readonly string _prefix = datapathKey.ToString(CultureInfo.InvariantCulture) + "_";

    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items)
    {
        used("$" + name);
        return sets.TryGetAddressSet(name, out items);
    }

    public bool TryGetPortGroup(string name, out EquatableArray<string> ports)
    {
        used("@" + _prefix + name);
        return sets.TryGetPortGroup(_prefix + name, out ports);
    }
}
