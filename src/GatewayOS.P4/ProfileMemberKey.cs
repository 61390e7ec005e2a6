namespace GatewayOS.P4;

public sealed record ProfileMemberKey(string Profile, uint Member) : EntityKey;
