using System.Collections.Immutable;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Spells a row of a state in the key of a stage's table.</summary>
internal static class StageEntries
{
    public static TableEntry Of(string table, uint state, Cube cube, int priority, PacketClass packetClass, ActionCall action)
    {
        var shape = Pipeline.TablesByName[table];
        var match = ImmutableArray.CreateBuilder<FieldMatch>(cube.Terms.Count + 1);
        match.Add(new FieldMatch.Exact(KeyNames.State, state));
        foreach (var key in shape.Keys)
        {
            if (FieldOf(key.Name) is { } field && cube.TermOn(field) is { } term)
            {
                match.Add(key.Kind == MatchKind.Lpm
                    ? new FieldMatch.Lpm(key.Name, term.Value, Length(term, packetClass))
                    : new FieldMatch.Ternary(key.Name, term.Value, term.Mask));
            }
        }

        // A test left out would let packets through that the row is not for.
        if (match.Count != cube.Terms.Count + 1)
        {
            throw new InvalidOperationException($"table {table} cannot test {cube}");
        }

        return new TableEntry(table, new EquatableArray<FieldMatch>(match.ToImmutable()), shape.HasPriority ? priority : 0, action);
    }

    private static int Length(Term term, PacketClass packetClass) =>
        term.Field == KeyField.EthDestination ? 48 : Shapes.PrefixLength(term.Mask, packetClass);

    private static KeyField? FieldOf(string key) => key switch
    {
        KeyNames.EthSrc => KeyField.EthSource,
        KeyNames.EthDst => KeyField.EthDestination,
        KeyNames.Src => KeyField.Source,
        KeyNames.Dst => KeyField.Destination,
        KeyNames.Proto => KeyField.Protocol,
        KeyNames.L4Src => KeyField.L4Source,
        KeyNames.L4Dst => KeyField.L4Destination,
        KeyNames.Dscp => KeyField.Dscp,
        KeyNames.TcpFlags => KeyField.TcpFlags,
        KeyNames.SrcClass => KeyField.SourceClass,
        KeyNames.DstClass => KeyField.DestinationClass,
        _ => null,
    };
}
