namespace GatewayOS.Bmv2.Runtime;

/// <summary>Maps octets to a number of the function's own width.</summary>
internal delegate ulong HashFunction(ReadOnlySpan<byte> octets);
