namespace GatewayOS.Bmv2;

/// <summary>What a counter has counted.</summary>
public readonly record struct CounterValue(long Packets, long Octets);
