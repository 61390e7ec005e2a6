using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Reference.Network;

/// <summary>A logical flow ready to be evaluated.</summary>
/// <param name="Row">As in the database.</param>
/// <param name="Match">With the actions' prerequisites, annotated and simplified, sets expanded.</param>
/// <param name="Actions">Empty is drop.</param>
public sealed record ReferenceFlow(Ovn.Rows.LogicalFlow Row, Expr Match, EquatableArray<ActionNode> Actions)
{
    public string? Stage => Row.ExternalIds.Find("stage-name");

    /// <summary>Whether it only says <c>next</c> to every packet.</summary>
    public bool IsTransparent =>
        Match is Expr.Boolean { Value: true } && Actions is [ActionNode.Next next]
        && next.Table == Row.TableId + 1 && (next.Pipeline == Pipeline.Ingress) == Row.IsIngress;
}
