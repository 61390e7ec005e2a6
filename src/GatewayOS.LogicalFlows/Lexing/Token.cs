using System.Runtime.InteropServices;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// One token: characters <paramref name="Start"/> up to <paramref name="End"/> of the input.
/// <paramref name="Number"/> is meaningful for numbers. <paramref name="Text"/> is the content of a quoted string, the name of a set,
/// or the message of an error; identifiers have none, read their characters instead.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Token(TokenKind Kind, int Start, int End, Constant Number = default, string? Text = null)
{
    public static Token Failed(int start, int end, string message) => new(TokenKind.Error, start, end, Text: message);
}
