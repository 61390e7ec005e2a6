using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>What becomes of a packet of which OVS makes several: of a group's members, of the chassis of a port, of a clone and its original.</summary>
internal sealed class CopySet(NodeTable nodes)
{
    // Each two are compared, and each leads on to what a copy is asked.
    private const int ChoiceLimit = 64;

    /// <summary>Copies of a packet that each go their own way.</summary>
    /// <remarks>
    /// Of most copies nothing comes, and often that is so only of most packets: a router drops requests, but not those for itself. The packets of which
    /// something might come are then told by a lookup: they go that copy's way, or are punted if another may come of them.
    /// </remarks>
    /// <param name="copies">What becomes of each.</param>
    /// <param name="cause">Why they are punted if the device cannot do it.</param>
    public Edge Several(IEnumerable<Edge> copies, SymbolicState state, PuntCause cause)
    {
        var (left, open, dropped, limit) = (new List<Edge>(), new List<Edge>(), FlowTrail.Empty, state.MaxLength);
        foreach (var copy in copies)
        {
            switch (copy.Target)
            {
                case Target.Drop:
                    dropped = dropped.Then(copy.Flows);
                    break;
                case Target.Forward { Output: OutputTarget.Nowhere nowhere }:
                    (dropped, limit) = (dropped.Then(copy.Flows), Math.Min(limit, nowhere.MaxLength));
                    break;
                case Target.Go:
                    open.Add(copy);
                    break;
                default:
                    left.Add(copy);
                    break;
            }
        }

        if (limit == state.MaxLength && left.Concat(open).ToList() is [var single])
        {
            return single with { Flows = dropped.Then(single.Flows) };
        }

        // Software that one copy needs makes all of them. Copies that differ are other packets, which have to be made.
        var punt = left.Find(copy => copy.Target is Target.Punt) is { } worst ? worst with { Edits = Edits.None }
            : Leaf.Punt(left.Concat(open).Any(IsEdited) ? Reasons.About(Reasons.Generated, "copies that differ") : cause.Reason, cause.Detail, cause.Flow);
        var mays = new List<(Cube Packets, Edge Copy)>();
        foreach (var copy in open)
        {
            if (Survivors.Of(copy) is not var (cubes, length))
            {
                return punt;
            }

            mays.AddRange(cubes.Select(cube => (cube, copy)));
            (dropped, limit) = (dropped.Then(copy.Flows), Math.Min(limit, length));
        }

        // Of a packet of which only one copy may come that copy is looked up, where these are few.
        var isOnly = left.Count == 0 && limit == state.MaxLength && mays.Count <= ChoiceLimit;
        var rows = (isOnly ? mays.SelectMany((one, i) => mays.Skip(i + 1).Where(other => !ReferenceEquals(one.Copy, other.Copy)).Select(other => one.Packets.Intersect(other.Packets))) : [])
            .OfType<Cube>().Distinct().Select(both => new Row(both, punt))
            .Concat(mays.Select(one => new Row(one.Packets, isOnly ? one.Copy with { Flows = dropped.Then(one.Copy.Flows) } : punt))).ToList();

        // What is dropped up to a length decides no longer packet.
        var bounded = state.WithMaxLength(limit);
        var others = left switch
        {
            [] => Leaf.Drop(bounded) with { Flows = dropped },
            [{ Target: Target.Forward(var output) } only] => only with { Target = new Target.Forward(output with { MaxLength = Math.Min(output.MaxLength, limit) }), Flows = dropped.Then(only.Flows) },
            _ when AtOnce(left, limit) is { } all => Leaf.Forward(all) with { Flows = left.Aggregate(dropped, (flows, copy) => flows.Then(copy.Flows)) },
            _ => punt,
        };
        return nodes.Lookup(state.Class, rows, others);
    }

    private static bool IsEdited(Edge copy) => !(copy.Edits with { Meter = null, Meter2 = null }).IsNone || copy.Target is Target.Turn || (copy.Target is Target.Go(var node) && node.Edges.Any(IsEdited));

    // The device copies what is decided: no copy may be edited, nor depend on more of the packet.
    private static OutputTarget.Group? AtOnce(List<Edge> copies, int limit)
    {
        var outputs = new HashSet<OutputTarget>();
        foreach (var copy in copies)
        {
            if (copy is not { Edits.IsNone: true, Target: Target.Forward(var output) } || !Outputs(output).All(outputs.Add) || Outputs(output).Count == 0)
            {
                return null;
            }
        }

        return outputs.Count <= P4.Replication.LargestGroup
            ? new OutputTarget.Group([.. outputs], Math.Min(limit, outputs.Min(output => output.MaxLength)))
            : null;
    }

    private static EquatableArray<OutputTarget> Outputs(OutputTarget output) => output switch
    {
        OutputTarget.Plain or OutputTarget.Tunnel => [output],
        OutputTarget.Group several => several.Copies,
        _ => [],
    };
}
