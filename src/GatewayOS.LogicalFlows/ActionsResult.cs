using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>The actions of a flow, or why there are none: without an error there are actions, an empty list being <c>drop;</c>.</summary>
/// <param name="Actions">In the order of their execution.</param>
/// <param name="Prerequisites">What the actions need to hold, to be added to the flow's match before annotation; null when nothing.</param>
/// <param name="Error">Null when the text is in the language.</param>
public sealed record ActionsResult(EquatableArray<ActionNode> Actions, Expr? Prerequisites, LanguageError? Error);
