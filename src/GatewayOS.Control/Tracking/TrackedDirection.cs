using GatewayOS.Compiler.Tracking;
using GatewayOS.P4;

namespace GatewayOS.Control.Tracking;

/// <summary>The packets of one direction of a connection in one zone, and what is written for them.</summary>
/// <param name="question">The packets, and the zone that they ask first.</param>
internal sealed class TrackedDirection(ConntrackQuestion question)
{
    public ConntrackQuestion Question => question;

    /// <summary>As evaluated last, for each logical port that they come in by.</summary>
    public IReadOnlyList<TrackedPackets> Packets { get; set; } = [];

    /// <summary>What the device has.</summary>
    public List<WrittenConnection> Written { get; } = [];

    /// <summary>Why software has them by the connection's own state; null if nothing is against it.</summary>
    public string? Obstacle { get; set; }

    /// <summary>Whether it waits for its turn to be written.</summary>
    public bool IsWaiting { get; set; }
}
