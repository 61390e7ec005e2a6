namespace GatewayOS.Cli.Commands;

internal sealed record PuntCount(string Reason, int Count);
