namespace GatewayOS.Compiler.Automaton;

/// <summary>The consequence of a lookup: edits, then a target, and the logical flows it stands for.</summary>
public sealed record Edge(Edits Edits, Target Target, FlowTrail Flows)
{
    /// <summary>Whether the packet fares the same and counts for the same flows; other flows behind it may differ.</summary>
    public bool BehavesAs(Edge other) =>
        ReferenceEquals(this, other) || (Edits == other.Edits && TargetsAlike(Target, other.Target) && Flows.CountsAs(other.Flows));

    /// <summary>This edge's edits and flows before those of <paramref name="next"/>, whose target it takes.</summary>
    public Edge With(Edge next) => new(Edits.Then(next.Edits), next.Target, Flows.Then(next.Flows));

    private static bool TargetsAlike(Target left, Target right) => (left, right) switch
    {
        (Target.Punt(var a), Target.Punt(var b)) => a.Reason == b.Reason,
        (Target.Turn(var a, var x), Target.Turn(var b, var y)) => a == b && x.BehavesAs(y),
        _ => left == right,
    };
}
