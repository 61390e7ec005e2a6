using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Edges that end a path.</summary>
internal static class Leaf
{
    private static readonly Edge s_drop = new(Edits.None, Target.Drop.Instance, FlowTrail.Empty);

    // The decisions so far may hold only up to a packet length (check_pkt_larger), which is checked at the output.
    public static Edge Drop(SymbolicState state) =>
        state.MaxLength == int.MaxValue ? s_drop : Forward(new OutputTarget.Nowhere(state.MaxLength));

    public static Edge Punt(string reason, string detail, Guid? flow = null) =>
        new(Edits.None, new Target.Punt(new PuntCause(reason, detail, flow)), FlowTrail.Empty);

    /// <summary>A test that no stage can do.</summary>
    /// <param name="field">What it tests, by its name in OVN.</param>
    public static Edge Untestable(string field, string detail, Guid? flow = null) => Punt(Reasons.About(Reasons.Untestable, field), detail, flow);

    /// <summary>An output port that the device cannot reach.</summary>
    /// <param name="kind">The kind of port, or what it lacks.</param>
    public static Edge Elsewhere(string kind, string detail) => Punt(Reasons.About(Reasons.PortElsewhere, kind), detail);

    public static Edge Track(TrackPlace place) => new(Edits.None, new Target.Track(place), FlowTrail.Empty);

    public static Edge Forward(OutputTarget output) => new(Edits.None, new Target.Forward(output), FlowTrail.Empty);
}
