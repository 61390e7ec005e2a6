using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace GatewayOS.Fuzz.Tests.Targets;

/// <summary>Words for outcomes: what differs only in the input's own names and numbers is the same outcome.</summary>
internal static partial class Words
{
    private const int LongestWord = 60;

    public static string Refused(string message)
    {
        var kind = OwnText().Replace(message.Split('\n')[0], "_");
        return "refused: " + kind[..Math.Min(LongestWord, kind.Length)];
    }

    /// <param name="kind">What it is.</param>
    /// <param name="size">How large it is; powers of two are told apart.</param>
    public static string Taken(string kind, int size) => $"{kind} {BitOperations.Log2((uint)size + 1)}";

    public static string Text(ReadOnlyMemory<byte> input) => Encoding.UTF8.GetString(input.Span);

    [GeneratedRegex("`[^']*'|\"[^\"]*\"|'[^']*'|[^ ]*[0-9$\\\\][^ ]*|[^\\x20-\\x7e]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex OwnText();
}
