namespace GatewayOS.P4Runtime;

internal sealed record InfoTable(uint Id, string Name, InfoField[] Keys);
