namespace GatewayOS.P4;

public sealed record MeterKey(string Meter, uint Index) : EntityKey;
