namespace GatewayOS.LogicalFlows;

/// <summary>What is known of an action beside its arguments.</summary>
/// <param name="Kind">The action.</param>
/// <param name="Verb">How it is written; assignments have an operator instead.</param>
/// <param name="Class">The hardest thing that it may need.</param>
/// <param name="IsInOvn2303">Whether OVN 23.03 has it.</param>
/// <param name="IsInNewest">Whether the newest OVN still has it.</param>
public sealed record ActionDescription(ActionKind Kind, string Verb, ActionClass Class, bool IsInOvn2303, bool IsInNewest)
{
    public bool IsIn(LanguageVersion version) => version switch
    {
        LanguageVersion.Any => true,
        LanguageVersion.Ovn2303 => IsInOvn2303,
        LanguageVersion.Newest => IsInNewest,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
