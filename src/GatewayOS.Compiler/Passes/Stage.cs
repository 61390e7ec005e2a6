using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Passes;

/// <summary>A lookup stage of the pipeline (p4/README.md): what it can match, and its table for each class.</summary>
public sealed record Stage(int Order, string Table4, string Table6, Func<Node, Shape, bool> Holds)
{
    // What the keys of policy have no room for.
    private const FieldSet TooWideForPolicy = FieldSet.TcpFlags | FieldSet.SourceClass | FieldSet.DestinationClass;

    /// <summary>In the order in which a packet meets them; stages of equal order exclude each other.</summary>
    public static readonly Stage[] All =
    [
        new(0, TableNames.Guard4, TableNames.Guard6, (_, shape) => shape == Shape.Guard),
        new(1, TableNames.L2, TableNames.L2, (_, shape) => shape == Shape.EthernetDestination),
        new(2, TableNames.Special4, TableNames.Special6, (_, shape) => shape == Shape.Ternary),
        new(3, TableNames.Route4, TableNames.Route6, (_, shape) => shape == Shape.Destination),
        new(4, TableNames.Policy4, TableNames.Policy6, (node, shape) => shape == Shape.Ternary && (node.Traits.Fields & TooWideForPolicy) == FieldSet.None),
        new(5, TableNames.Transit4, TableNames.Transit6, (_, shape) => shape == Shape.Destination),
        new(6, TableNames.Select, TableNames.Select, (_, shape) => shape == Shape.Choice),
        new(7, TableNames.Neighbor4, TableNames.Neighbor6, (node, shape) => shape == Shape.Destination && node.Traits.IsExact),
        new(7, TableNames.L2To, TableNames.L2To, (_, shape) => shape == Shape.EthernetDestination),
        new(8, TableNames.AclTo4, TableNames.AclTo6, (_, shape) => shape == Shape.Ternary),
    ];

    /// <summary>The stage that states without a test enter by.</summary>
    public static Stage First => All[0];

    /// <summary>Whether its tables of both classes differ: then they have the actions that rewrite addresses.</summary>
    public bool RewritesAddresses => Table4 != Table6;

    /// <summary>Whether its tables have the action that lets fields change places.</summary>
    public bool Turns(Turn turn) => Table4 is TableNames.Special4 or TableNames.Policy4 || (Table4 == TableNames.Transit4 && turn is Turn.Ethernet);

    /// <summary>Whether it can hold a state that tests nothing.</summary>
    public bool Passes => Table4 != TableNames.Select;

    public string Table(PacketClass packetClass) => packetClass.IsIpv6() ? Table6 : Table4;

    /// <summary>The stage for a node that must not come before <paramref name="order"/>, or null if there is none left.</summary>
    /// <remarks>
    /// Full-length destinations whose rows are final go to the neighbour table and leave the LPM tables to routes. Destinations can
    /// also be had by a ternary table, when no other is left.
    /// </remarks>
    public static Stage? For(Node node, int order)
    {
        // The routes could not answer: it would be another lookup.
        if (node.Class.IsArp() && node.Traits.Shape == Shape.Destination && node.Edges.Any(static edge => edge.Target is Target.Turn)
            && Ternary(node, order) is { } answering && node.Edges.All(edge => edge.Target is not Target.Turn(var turn, _) || answering.Turns(turn)))
        {
            return answering;
        }

        var (first, last) = ((Stage?)null, (Stage?)null);
        foreach (var stage in All)
        {
            if (stage.Order >= order && stage.Holds(node, node.Traits.Shape))
            {
                (first, last) = (first ?? stage, stage);
            }
        }

        return (node.Traits is { Shape: Shape.Destination, IsExact: true, IsFinal: true } ? last : first)
            ?? (node.Traits.Shape == Shape.Destination ? Ternary(node, order) : null);
    }

    private static Stage? Ternary(Node node, int order) =>
        Array.Find(All, stage => stage.Order >= order && stage.Holds(node, Shape.Ternary));
}
