using System.Globalization;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler.Classes;

/// <summary>
/// Sets of addresses as single bits. "Is the source one of these?" is a row for each of them in a ternary table; instead an LPM table
/// finds out once to which sets an address belongs, and the row tests one bit of the answer.
/// </summary>
/// <remarks>
/// <para>A test that the address is in none of them is a test for 0, where rows would have to spell out a complement.</para>
/// <para>A bit stands for a name when the set is a southbound Address_Set: its states stay as they are when the set changes.
/// A flow that is folded with the name must be folded again when the set changes, as it must anyway. A set without a name, or a
/// part of one, is its content.</para>
/// <para>Lives as long as the compiler. What was folded stays valid until <see cref="Reassign"/> says otherwise.</para>
/// </remarks>
public sealed class AddressClasses
{
    /// <summary>Up to so many rows a test is spelled out.</summary>
    /// <remarks>
    /// With 4 and with 8 the corpora need the same entries. With 1 or 2 they need fewer, but only because paths are lost: what asks for class bits
    /// behind a route finds no room in <c>policy</c>, which has none, and the rest is punted (basic-25.03: 1 output instead of 5).
    /// </remarks>
    public const int SpelledOutLimit = 4;

    private readonly Dictionary<(PacketClass, KeyField), ClassBits> _bits = [];
    private readonly Dictionary<string, EquatableArray<Constant>> _named = [];
    private Table<AddressSet> _sets = Table<AddressSet>.Empty;

    public AddressClasses()
    {
        foreach (var packetClass in PacketClasses.All)
        {
            _bits.Add((packetClass, KeyField.SourceClass), new ClassBits(P4.Pipeline.ClassBits));
            _bits.Add((packetClass, KeyField.DestinationClass), new ClassBits(P4.Pipeline.ClassBits));
        }
    }

    /// <summary>Takes note of what the named sets are now.</summary>
    public void Update(Table<AddressSet> sets)
    {
        var changes = sets.ChangesSince(_sets);
        _sets = sets;
        foreach (var name in changes.Select(change => change.Old?.Name).OfType<string>())
        {
            _named.Remove(name);
        }

        foreach (var set in changes.Select(change => change.New).OfType<AddressSet>())
        {
            var items = AddressSetItems.Parse(set.Addresses);
            _named[set.Name] = items;
            Update("$" + set.Name, items);
        }
    }

    /// <summary>Starts to count again what sets save, because everything is evaluated anew.</summary>
    public void Begin()
    {
        foreach (var bits in _bits.Values)
        {
            bits.Begin();
        }
    }

    /// <summary>The bit of <paramref name="field"/> that says whether an address is in the set, or null when there is none left.</summary>
    /// <param name="name">The address set (<c>$name</c>) that the content seems to come from.</param>
    /// <param name="rows">How many rows a test of the bit saves.</param>
    public int? BitOf(PacketClass packetClass, KeyField field, string? name, PrefixSet content, int rows) =>
        _bits[(packetClass, field)].Of(IdentityOf(name, content), content, rows);

    /// <summary>Grows when a bit means something else.</summary>
    public int Version => _bits.Values.Sum(bits => bits.Version);

    public PrefixSet ContentOf(PacketClass packetClass, KeyField field, int bit) => _bits[(packetClass, field)].ContentOf(bit);

    /// <summary>After an evaluation: gives the bits to the sets that save most rows, if there are too few.</summary>
    /// <returns>Whether a bit has another meaning now, so that everything must be evaluated again.</returns>
    public bool Reassign()
    {
        var changed = false;
        foreach (var bits in _bits.Values)
        {
            changed |= bits.Reassign();
        }

        return changed;
    }

    private void Update(string identity, EquatableArray<Constant> items)
    {
        foreach (var ((packetClass, _), bits) in _bits)
        {
            if (bits.Has(identity) && PrefixSet.OfItems(packetClass.AddressWidth(), items) is { } content)
            {
                bits.SetContent(identity, content);
            }
        }
    }

    // Rows of the set that were ruled out before make it another set.
    private string IdentityOf(string? name, PrefixSet content) =>
        name is ['$', .. var set] && _named.TryGetValue(set, out var known) && PrefixSet.OfItems(content.Width, known) == content
            ? name
            : string.Join(' ', content.Prefixes.Select(prefix => string.Create(CultureInfo.InvariantCulture, $"{prefix.Value:x}/{prefix.Length}")));
}
