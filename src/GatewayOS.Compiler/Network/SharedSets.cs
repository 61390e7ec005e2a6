using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>The address sets and port groups of the southbound database by name; addresses are read when first used.</summary>
public sealed class SharedSets(Southbound southbound)
{
    private readonly Dictionary<string, AddressSet> _addressSets = southbound.AddressSets.ToDictionary(set => set.Name);
    private readonly Dictionary<string, PortGroup> _portGroups = southbound.PortGroups.ToDictionary(group => group.Name);
    private readonly Dictionary<string, EquatableArray<Constant>> _read = [];

    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items)
    {
        if (_read.TryGetValue(name, out items))
        {
            return true;
        }

        if (!_addressSets.TryGetValue(name, out var set))
        {
            return false;
        }

        items = AddressSetItems.Parse(set.Addresses);
        _read.Add(name, items);
        return true;
    }

    public bool TryGetPortGroup(string name, out EquatableArray<string> ports)
    {
        var found = _portGroups.TryGetValue(name, out var group);
        ports = group?.Ports ?? [];
        return found;
    }
}
