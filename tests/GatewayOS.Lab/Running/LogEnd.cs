namespace GatewayOS.Lab.Running;

/// <summary>The last lines of what a daemon wrote.</summary>
internal static class LogEnd
{
    private const int Lines = 10;

    public static string Of(string file) => File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(Lines)) : "no log";
}
