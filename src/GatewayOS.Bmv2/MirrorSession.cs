using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Bmv2;

/// <summary>Where the copies of a clone session go.</summary>
/// <param name="Replicas">The ports and instances.</param>
/// <param name="MaxLength">Octets after which a copy is cut; 0 cuts nothing.</param>
public sealed record MirrorSession(EquatableArray<Replica> Replicas, int MaxLength);
