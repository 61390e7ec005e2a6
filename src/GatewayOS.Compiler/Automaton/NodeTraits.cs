namespace GatewayOS.Compiler.Automaton;

/// <summary>What a lookup needs of the stage that does it.</summary>
/// <param name="Fields">The fields that it tests.</param>
/// <param name="Asked">The fields that it or what is behind it tests.</param>
/// <param name="IsExact">Whether every row tests one whole address.</param>
/// <param name="IsFinal">Whether nothing is looked up after it.</param>
/// <param name="Depth">The lookups of the longest path, its own included.</param>
/// <param name="SourceBits">The class bits of the source that it or what is behind it tests.</param>
/// <param name="DestinationBits">Those of the destination.</param>
public sealed record NodeTraits(Shape Shape, FieldSet Fields, FieldSet Asked, bool IsExact, bool IsFinal, int Depth, ulong SourceBits, ulong DestinationBits)
{
    internal static NodeTraits Of(Node node)
    {
        var (fields, asked) = (FieldSet.None, AskedBehind(node.Default));
        var (source, destination) = BitsOf(node.Default);
        var depth = DepthOf(node.Default);
        var (isExact, isFinal) = (true, node.Default.Target is not (Target.Go or Target.Turn));
        var whole = Symbolic.Bits.Ones(node.Class.AddressWidth());
        foreach (var row in node.Rows)
        {
            foreach (var term in row.Cube.Terms)
            {
                fields |= (FieldSet)(1 << (int)term.Field);
                source |= term.Field == KeyField.SourceClass ? (ulong)term.Mask : 0;
                destination |= term.Field == KeyField.DestinationClass ? (ulong)term.Mask : 0;
            }

            isExact &= row.Cube.Terms is [var only] && only.Mask == whole;
            isFinal &= row.Edge.Target is not (Target.Go or Target.Turn);
            asked |= AskedBehind(row.Edge);
            depth = Math.Max(depth, DepthOf(row.Edge));
            var behind = BitsOf(row.Edge);
            (source, destination) = (source | behind.Source, destination | behind.Destination);
        }

        return new NodeTraits(node.IsChoice ? Shape.Choice : Shapes.Of(node.Rows, node.Class), fields, fields | asked, isExact, isFinal, depth + 1, source, destination);
    }

    /// <summary>The lookups of the longest path behind the edge.</summary>
    public static int DepthOf(Edge edge) => edge.Target switch
    {
        Target.Go(var node) => node.Traits.Depth,
        Target.Turn(_, var behind) => DepthOf(behind),
        _ => 0,
    };

    private static FieldSet AskedBehind(Edge edge) => edge.Target is Target.Go(var node) ? node.Traits.Asked : FieldSet.None;

    /// <summary>The class bits that a packet may be asked for behind the edge.</summary>
    public static (ulong Source, ulong Destination) BitsOf(Edge edge) =>
        edge.Target is Target.Go(var node) ? (node.Traits.SourceBits, node.Traits.DestinationBits) : (0, 0);
}
