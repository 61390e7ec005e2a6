namespace GatewayOS.Cli.Replaying;

/// <summary>The answer to a line that is no packet.</summary>
internal sealed record ReplayError(string Error, int Line, string Remedy);
