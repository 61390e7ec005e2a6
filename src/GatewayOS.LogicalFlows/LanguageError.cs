namespace GatewayOS.LogicalFlows;

/// <summary>
/// Why a text is not in the language, in OVN's words. <paramref name="Start"/> and <paramref name="Length"/> are the characters of
/// the offending token; at the end of the input the length is 0.
/// </summary>
public sealed record LanguageError(string Message, int Start, int Length)
{
    public override string ToString() => Message;
}
