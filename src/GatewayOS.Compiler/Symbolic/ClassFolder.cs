using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Folds tests of an IP address against many addresses into tests of one class bit (<see cref="AddressClasses"/>).</summary>
internal sealed class ClassFolder(AddressClasses classes)
{
    private static readonly (KeyField Address, KeyField Class)[] s_sides =
        [(KeyField.Source, KeyField.SourceClass), (KeyField.Destination, KeyField.DestinationClass)];

    /// <summary>Alternatives that differ only in the address, as one alternative with a bit for all of those addresses.</summary>
    /// <param name="names">The address set that each alternative is of, or null.</param>
    public IReadOnlyList<Alternative> Merge(List<Alternative> alternatives, List<string?> names, PacketClass packetClass)
    {
        if (alternatives.Count <= AddressClasses.SpelledOutLimit)
        {
            return alternatives;
        }

        IReadOnlyList<Alternative> result = alternatives;
        foreach (var (address, bits) in s_sides)
        {
            var groups = alternatives.Zip(names)
                .Where(pair => pair.First.Exact && PrefixOn(pair.First.Cube, address, packetClass) is not null)
                .GroupBy(pair => (pair.First.Cube.Without(address), pair.Second))
                .Where(group => group.Count() > AddressClasses.SpelledOutLimit);
            foreach (var group in groups)
            {
                var content = PrefixSet.Of(packetClass.AddressWidth(), group.Select(pair => PrefixOn(pair.First.Cube, address, packetClass)!.Value));
                var (rest, name) = group.Key;
                if (content.Prefixes.Count > AddressClasses.SpelledOutLimit
                    && classes.BitOf(packetClass, bits, name, content, content.Prefixes.Count) is { } bit
                    && rest.Intersect(Cube.Of(bits, UInt128.One << bit, UInt128.One << bit)) is { } cube)
                {
                    var merged = group.Select(pair => pair.First).ToHashSet(ReferenceEqualityComparer.Instance);
                    result = [.. result.Where(alternative => !merged.Contains(alternative)), new Alternative(cube)];
                }
            }
        }

        return result;
    }

    /// <summary>Takes out of a conjunction what asks that an address is in none of many prefixes, and adds the tests of the bits.</summary>
    /// <returns>The operands that are left.</returns>
    public IEnumerable<Expr> Exclude(IReadOnlyList<Expr> operands, SymbolicState state, List<Residual> tests)
    {
        var left = operands;
        var groups = operands.OfType<Expr.Compare>()
            .Select(compare => (Compare: compare, Found: Exception(compare, state)))
            .Where(pair => pair.Found is not null)
            .GroupBy(pair => (pair.Found!.Value.Class, pair.Compare.SetName));
        foreach (var group in groups)
        {
            var content = PrefixSet.Of(state.Class.AddressWidth(), group.Select(pair => pair.Found!.Value.Prefix));
            if (RowsOf(content) is var rows && rows > AddressClasses.SpelledOutLimit
                && classes.BitOf(state.Class, group.Key.Class, group.Key.SetName, content, rows) is { } bit)
            {
                var folded = group.Select(pair => pair.Compare).ToHashSet<Expr>(ReferenceEqualityComparer.Instance);
                left = [.. left.Where(operand => !folded.Contains(operand))];
                tests.Add(Residual.Of(Cube.Of(group.Key.Class, 0, UInt128.One << bit)));
            }
        }

        return left;
    }

    // Spelled out, a complement has an alternative for each bit of a prefix, and complements multiply.
    private static int RowsOf(PrefixSet content)
    {
        var rows = 1L;
        foreach (var prefix in content.Prefixes)
        {
            rows = Math.Min(rows * prefix.Length, MatchFolder.AlternativeLimit);
        }

        return (int)rows;
    }

    private static (KeyField Class, AddressPrefix Prefix)? Exception(Expr.Compare compare, SymbolicState state)
    {
        if (compare.Relop != Relop.NotEqual || compare.Field.Storage is not { } storage
            || PrefixSet.PrefixOf(compare.Value, compare.Mask, storage.Width) is not { } prefix)
        {
            return null;
        }

        foreach (var (address, bits) in s_sides)
        {
            if (state[storage].Equals(Bits.Alias(state.Class.AddressWidth(), address)))
            {
                return (bits, prefix);
            }
        }

        return null;
    }

    private static AddressPrefix? PrefixOn(Cube cube, KeyField address, PacketClass packetClass) =>
        cube.TermOn(address) is { } term ? PrefixSet.PrefixOf(term.Value, term.Mask, packetClass.AddressWidth()) : null;
}
