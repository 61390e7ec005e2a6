using System.Runtime.CompilerServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Tracking;

/// <summary>How packets of an entry point come to a place where they ask conntrack.</summary>
/// <param name="Destination">The Ethernet destination that they came with; null: none that the way tells from others.</param>
/// <param name="Disguise">What was done to their addresses on the way.</param>
/// <param name="Place">The place.</param>
internal sealed record Way(ulong? Destination, Disguise Disguise, TrackPlace Place)
{
    private static readonly ConditionalWeakTable<Node, Way[]> s_known = [];

    /// <summary>All ways behind an edge, each once. Nodes are shared and do not change, so what is behind one is found once.</summary>
    public static Way[] From(Edge edge)
    {
        var behind = edge.Target switch
        {
            Target.Track(var place) => [new Way(null, default, place)],
            Target.Go(var node) => s_known.GetValue(node, From),
            Target.Turn(var turn, var answered) => [.. From(answered).Select(way => way.Behind(turn)).OfType<Way>().Distinct()],
            _ => [],
        };
        return edge.Edits.RewritesAddresses ? [.. behind.Select(way => way.Behind(edge.Edits)).OfType<Way>()] : behind;
    }

    private static Way[] From(Node node)
    {
        var ways = new HashSet<Way>(From(node.Default));
        foreach (var row in node.Rows)
        {
            foreach (var way in From(row.Edge))
            {
                ways.Add(way.Behind(row.Cube, node.Class.IsIpv6() ? 128 : 32));
            }
        }

        return [.. ways];
    }

    // An address that the way tells from others before it is rewritten is the one that was.
    private Way Behind(Cube cube, int width) => this with
    {
        Destination = Destination ?? (ulong?)Exact(cube, KeyField.EthDestination, 48),
        Disguise = Disguise with { Source = Before(Disguise.Source, cube, KeyField.Source, width), Destination = Before(Disguise.Destination, cube, KeyField.Destination, width) },
    };

    private static AddressChange? Before(AddressChange? change, Cube cube, KeyField field, int width) =>
        change is { From: null } open ? open with { From = Exact(cube, field, width) } : change;

    private static UInt128? Exact(Cube cube, KeyField field, int width) => cube.TermOn(field) is { } term && term.Mask == Bits.Ones(width) ? term.Value : null;

    // The last to rewrite an address has the say. An answer that is rewritten is not followed.
    private Way? Behind(Edits edits) => Disguise.IsAnswer ? null : this with
    {
        Disguise = Disguise with { Source = Change(edits.Source, Disguise.Source), Destination = Change(edits.Destination, Disguise.Destination) },
    };

    private static AddressChange? Change(UInt128? address, AddressChange? later) =>
        address is not { } now ? later : later is { To: var last } ? new AddressChange(null, last) : new AddressChange(null, now);

    // Ethernet destinations behind it are not those that packets came with.
    private Way? Behind(Turn turn) => (turn, Disguise) switch
    {
        (Turn.Ethernet, _) => this with { Destination = null },
        (Turn.Echo, { Source: null, Destination: null, IsAnswer: false }) => this with { Destination = null, Disguise = new Disguise(null, null, IsAnswer: true) },
        _ => null,
    };
}
