using System.Collections.Frozen;
using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Named sets with fixed contents.</summary>
public sealed class NamedSets : INamedSets
{
    private readonly FrozenDictionary<string, EquatableArray<Constant>> _addressSets;
    private readonly FrozenDictionary<string, EquatableArray<string>> _portGroups;

    public NamedSets(
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> addressSets,
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> portGroups)
    {
        _addressSets = addressSets.ToFrozenDictionary(set => set.Key, set => AddressSetItems.Parse(set.Value));
        _portGroups = portGroups.ToFrozenDictionary(group => group.Key, group => group.Value.ToEquatableArray());
    }

    /// <summary>No sets at all: any use of one is an error.</summary>
    public static NamedSets None { get; } = new([], []);

    public bool TryGetAddressSet(string name, out EquatableArray<Constant> items) => _addressSets.TryGetValue(name, out items);

    public bool TryGetPortGroup(string name, out EquatableArray<string> ports) => _portGroups.TryGetValue(name, out ports);
}
