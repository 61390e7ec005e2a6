using GatewayOS.Connections;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Tracking;

/// <summary>One direction of a connection, as its packets come in by one logical port: what is written for it, or why nothing is.</summary>
/// <param name="LogicalPort">The port (front ports) or the port they are for (tunnels).</param>
/// <param name="Tuple">How the packets look when they come in.</param>
/// <param name="Verdicts">By state; empty if software keeps them.</param>
/// <param name="Obstacle">Why software keeps them, or some of them; null if nothing does.</param>
public sealed record TrackedPackets(string LogicalPort, ConnectionTuple Tuple, EquatableArray<TrackedVerdict> Verdicts, string? Obstacle)
{
    /// <summary>Whether any such packets ask the connection's zone first; if not, another zone's connection is about them.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>What conntrack was asked: another answer is another result.</summary>
    public required EquatableArray<ConntrackQuestion> Questions { get; init; }

    /// <summary>Connections, by zone and first direction, whose mark or label these packets change when OVS gets them.</summary>
    public EquatableArray<ConntrackQuestion> Changes { get; init; } = [];

    /// <summary>What else the result depends on.</summary>
    public required TrackedDependencies Dependencies { get; init; }
}
