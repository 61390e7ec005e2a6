namespace GatewayOS.Bmv2.Tables;

/// <summary>How a key field is matched. p4c writes <c>optional</c> as ternary.</summary>
internal enum KeyKind
{
    Exact,
    Lpm,
    Ternary,
    Range,
}
