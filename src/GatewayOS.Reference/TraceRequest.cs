using System.Collections.Immutable;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference;

/// <summary>What to evaluate.</summary>
/// <param name="Datapath">Where the packet enters, in the first ingress table; its input port is in the packet.</param>
public sealed record TraceRequest(ReferenceDatapath Datapath, Packet Packet)
{
    /// <summary>
    /// The results of conntrack look-ups (ct_next, a NAT action on an untracked packet, ct_lb), in the order in which they come up. After the last one:
    /// an established connection.
    /// </summary>
    public ImmutableArray<ConnectionState> States { get; init; } = [];

    /// <summary>Picks one of the alternatives (an index) where a chassis would hash; null takes the first.</summary>
    public Func<TraceChoice, int>? Choose { get; init; }

    public OvnTraceLimits Limits { get; init; }

    /// <summary>Whether evaluation goes on where a tunnel ends, on the other chassis.</summary>
    public bool FollowTunnels { get; init; } = true;
}
