namespace GatewayOS.P4;

public sealed record MulticastGroupKey(uint Group) : EntityKey;
