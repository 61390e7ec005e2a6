namespace GatewayOS.P4;

public enum MatchKind
{
    Exact,
    Lpm,
    Ternary,
    Range,
}
