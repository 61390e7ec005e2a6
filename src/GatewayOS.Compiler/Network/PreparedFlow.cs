using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>A logical flow of one datapath, parsed, with its sets expanded and its prerequisites added.</summary>
/// <param name="Match">What packets it is for; a class of packets sees a simpler one.</param>
/// <param name="Text">The match and the actions as OVN wrote them.</param>
public sealed record PreparedFlow(Guid Uuid, int Priority, Expr Match, EquatableArray<ActionNode> Actions, FlowText Text)
{
    /// <summary>Whether people ask how many packets it had: an ACL or a routing policy, which an administrator wrote.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The flow as a part of a trail: thousands of ways have it.</summary>
    public FlowSegment Segment { get; } = new(Uuid);
}
