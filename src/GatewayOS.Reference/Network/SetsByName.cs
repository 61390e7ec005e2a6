using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;

namespace GatewayOS.Reference.Network;

/// <summary>The southbound address sets and port groups; an address set is parsed when first used.</summary>
internal sealed class SetsByName(Southbound southbound)
{
    private readonly Dictionary<string, Lazy<EquatableArray<Constant>>> _addressSets = southbound.AddressSets.ToDictionary(
        set => set.Name, set => new Lazy<EquatableArray<Constant>>(() => AddressSetItems.Parse(set.Addresses)));

    private readonly Dictionary<string, EquatableArray<string>> _portGroups = southbound.PortGroups.ToDictionary(group => group.Name, group => group.Ports);

    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items)
    {
        var found = _addressSets.TryGetValue(name, out var set);
        items = set?.Value ?? [];
        return found;
    }

    public bool TryGetPortGroup(string name, out EquatableArray<string> ports) => _portGroups.TryGetValue(name, out ports);
}
