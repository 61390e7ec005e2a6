using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>The address sets and port groups of the southbound database by name; addresses are read when first used.</summary>
public sealed class SharedSets
{
    private readonly Dictionary<string, AddressSet> _addressSets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PortGroup> _portGroups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EquatableArray<Constant>> _read = new(StringComparer.Ordinal);

    public SharedSets(Southbound southbound) => _ = Update(Southbound.Empty, southbound);

    /// <summary>Goes to another version.</summary>
    /// <returns>The names, with their sigil, of the sets that are different.</returns>
    public IReadOnlyList<string> Update(Southbound before, Southbound now)
    {
        var changed = new List<string>();
        var sets = now.AddressSets.ChangesSince(before.AddressSets);
        var groups = now.PortGroups.ChangesSince(before.PortGroups);
        foreach (var name in sets.Select(change => change.Old?.Name).OfType<string>())
        {
            _addressSets.Remove(name);
            _read.Remove(name);
            changed.Add("$" + name);
        }

        foreach (var set in sets.Select(change => change.New).OfType<AddressSet>())
        {
            _addressSets[set.Name] = set;
            changed.Add("$" + set.Name);
        }

        foreach (var name in groups.Select(change => change.Old?.Name).OfType<string>())
        {
            _portGroups.Remove(name);
            changed.Add("@" + name);
        }

        foreach (var group in groups.Select(change => change.New).OfType<PortGroup>())
        {
            _portGroups[group.Name] = group;
            changed.Add("@" + group.Name);
        }

        return changed;
    }

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
