namespace GatewayOS.P4;

public sealed record ProfileGroupKey(string Profile, uint Group) : EntityKey;
