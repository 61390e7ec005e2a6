namespace GatewayOS.LogicalFlows;

/// <summary>A match or why there is none: exactly one of the two is not null.</summary>
public sealed record MatchResult(Expr? Match, LanguageError? Error);
