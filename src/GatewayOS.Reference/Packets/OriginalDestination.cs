using GatewayOS.Core;

namespace GatewayOS.Reference.Packets;

/// <summary>The virtual address and port that a load balanced packet had.</summary>
public sealed record OriginalDestination(IpAddress Address, ushort Port);
