using System.Runtime.CompilerServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Tracking;

/// <summary>How packets of an entry point come to a place where they ask conntrack.</summary>
/// <param name="Destination">The Ethernet destination that they came with; null: none that the way tells from others.</param>
/// <param name="Place">The place.</param>
internal sealed record Way(ulong? Destination, TrackPlace Place)
{
    private static readonly ConditionalWeakTable<Node, Way[]> s_known = [];

    /// <summary>All ways behind an edge, each once. Nodes are shared and do not change, so what is behind one is found once.</summary>
    public static Way[] From(Edge edge) => edge.Target switch
    {
        Target.Track(var place) => [new Way(null, place)],
        Target.Go(var node) => s_known.GetValue(node, From),

        // Destinations behind it are not those that packets came with.
        Target.Turn(_, var behind) => [.. From(behind).Select(way => way with { Destination = null }).Distinct()],
        _ => [],
    };

    private static Way[] From(Node node)
    {
        var ways = new HashSet<Way>(From(node.Default));
        foreach (var row in node.Rows)
        {
            var destination = row.Cube.TermOn(KeyField.EthDestination) is { } term && term.Mask == Bits.Ones(48) ? (ulong?)term.Value : null;
            foreach (var way in From(row.Edge))
            {
                ways.Add(destination is null || way.Destination is not null ? way : way with { Destination = destination });
            }
        }

        return [.. ways];
    }
}
