namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>What there is to say of an action list: an error, or how it is written and what it needs.</summary>
internal sealed record ActionVerdict(string? Error, string Canonical = "", string Prerequisites = "")
{
    public static ActionVerdict Of(ActionsResult result, ActionContext context) => result.Error is { } error
        ? new ActionVerdict(error.Message)
        : new ActionVerdict(null, ActionFormatter.Format(result.Actions, context), result.Prerequisites?.ToString() ?? "");
}
