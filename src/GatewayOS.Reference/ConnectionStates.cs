using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Reference;

/// <summary>Text forms of <see cref="ConnectionState"/>.</summary>
public static class ConnectionStates
{
    private static readonly string[] s_names = ["new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"];

    /// <summary>Reads flags separated by commas, bars or spaces, as <c>ovn-trace --ct</c> takes them; <c>trk</c> is always added.</summary>
    public static bool TryParse(string text, out ConnectionState state, [NotNullWhen(false)] out string? error)
    {
        state = ConnectionState.Tracked;
        foreach (var word in text.Split([',', ' ', '|'], StringSplitOptions.RemoveEmptyEntries))
        {
            var bit = Array.IndexOf(s_names, word);
            if (bit < 0)
            {
                error = $"{word}: unknown connection tracking state flag";
                return false;
            }

            state |= (ConnectionState)(1 << bit);
        }

        error = null;
        return true;
    }

    /// <summary>The flags separated by bars, lowest bit first; 0 when none is set.</summary>
    public static string Format(ConnectionState state) =>
        state == ConnectionState.None ? "0" : string.Join('|', s_names.Where((_, bit) => ((int)state >> bit & 1) != 0));
}
