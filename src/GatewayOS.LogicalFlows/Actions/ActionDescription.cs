namespace GatewayOS.LogicalFlows;

/// <summary>What is known of an action beside its arguments.</summary>
/// <param name="Kind">The action.</param>
/// <param name="Verb">How it is written; assignments have an operator instead.</param>
/// <param name="Class">The hardest thing that it may need.</param>
/// <param name="First">The first release that has it; OVN 22.03 also for what is older.</param>
/// <param name="Dropped">The first release that does not have it any more, or null.</param>
public sealed record ActionDescription(ActionKind Kind, string Verb, ActionClass Class, LanguageVersion First, LanguageVersion? Dropped)
{
    public bool IsIn(LanguageVersion version) => version.IsFrom(First) && (Dropped is not { } dropped || version.IsBefore(dropped));
}
