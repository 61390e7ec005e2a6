using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>A logical flow of one datapath, parsed, with its sets expanded and its prerequisites added.</summary>
/// <param name="Match">What packets it is for; a class of packets sees a simpler one.</param>
/// <param name="Text">The match and the actions as OVN wrote them.</param>
public sealed record PreparedFlow(Guid Uuid, int Priority, Expr Match, EquatableArray<ActionNode> Actions, FlowText Text)
{
    private static readonly PreparedFlow s_never = new(Guid.Empty, 0, Expr.False, [], new FlowText("", ""));

    private PreparedFlow?[]? _simple;

    private PreparedFlow(PreparedFlow original) =>
        (Uuid, Priority, Match, Actions, Text, IsCounted, Segment) = (original.Uuid, original.Priority, original.Match, original.Actions, original.Text, original.IsCounted, original.Segment);

    /// <summary>Whether people ask how many packets it had: an ACL or a routing policy, which an administrator wrote.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The flow as a part of a trail: thousands of ways have it.</summary>
    public FlowSegment Segment { get; } = new(Uuid);

    /// <summary>The flow with the match that packets of a class see, or null if they never match.</summary>
    public PreparedFlow? As(MatchSimplifier simplifier)
    {
        var known = (_simple ??= new PreparedFlow?[MatchSimplifier.Kinds])[simplifier.Kind] ??= simplifier.Simplify(Match) switch
        {
            Expr.Boolean { Value: false } => s_never,
            var match when ReferenceEquals(match, Match) => this,
            var match => new PreparedFlow(this) { Match = match },
        };
        return ReferenceEquals(known, s_never) ? null : known;
    }
}
