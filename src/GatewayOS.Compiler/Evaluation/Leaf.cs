using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Edges that end a path.</summary>
internal static class Leaf
{
    private static readonly Edge s_drop = new(Edits.None, Target.Drop.Instance, FlowTrail.Empty);

    // The decisions so far may hold only up to a packet length (check_pkt_larger), and a drop has no output to check it at.
    public static Edge Drop(SymbolicState state) =>
        state.MaxLength == int.MaxValue ? s_drop : Punt(Reasons.Untestable, "check_pkt_larger");

    public static Edge Punt(string reason, string detail, Guid? flow = null) =>
        new(Edits.None, new Target.Punt(new PuntCause(reason, detail, flow)), FlowTrail.Empty);

    public static Edge Track(TrackPlace place) => new(Edits.None, new Target.Track(place), FlowTrail.Empty);

    public static Edge Forward(OutputTarget output) => new(Edits.None, new Target.Forward(output), FlowTrail.Empty);
}
