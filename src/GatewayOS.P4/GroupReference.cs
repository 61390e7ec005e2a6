namespace GatewayOS.P4;

/// <summary>Refers to a <see cref="ProfileGroup"/> that was written before.</summary>
public sealed record GroupReference(uint Group) : TableAction;
