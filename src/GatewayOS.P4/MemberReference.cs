namespace GatewayOS.P4;

/// <summary>Refers to a <see cref="ProfileMember"/> that was written before.</summary>
public sealed record MemberReference(uint Member) : TableAction;
