namespace GatewayOS.P4Runtime;

internal sealed record InfoAction(uint Id, string Name, InfoField[] Parameters);
