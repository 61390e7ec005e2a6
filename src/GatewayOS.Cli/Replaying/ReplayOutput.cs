namespace GatewayOS.Cli.Replaying;

internal sealed record ReplayOutput(string Port, string Packet);
