using GatewayOS.Compiler.Tracking;
using GatewayOS.Connections;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>What comes after an edge: another lookup, or the end.</summary>
public abstract record Target
{
    private Target()
    {
    }

    public sealed record Go(Node Node) : Target;

    public sealed record Forward(OutputTarget Output) : Target;

    /// <summary>Fields change places; lookups behind it are of the fields as they are then, so no lookup moves across it.</summary>
    public sealed record Turn(Symbolic.Turn Kind, Edge Behind) : Target;

    public sealed record Drop : Target
    {
        public static readonly Drop Instance = new();
    }

    public sealed record Punt(PuntCause Cause) : Target;

    /// <summary>The rest depends on conntrack: software decides, or an entry for the established connection.</summary>
    public sealed record Track(TrackPlace Place) : Target;

    /// <summary>Of a known connection only: forwarded, with this 5-tuple.</summary>
    public sealed record Translated(OutputTarget Output, ConnectionTuple Packet) : Target;

    /// <summary>Of a known connection only: what is behind the place where its packets wait for an entry; without a verdict software has them.</summary>
    /// <param name="Place">The place.</param>
    /// <param name="First">What conntrack was asked there.</param>
    /// <param name="Destination">The Ethernet destination there.</param>
    /// <param name="Verdict">What becomes of the packet.</param>
    /// <param name="Obstacle">Why there is no verdict.</param>
    public sealed record Tracked(TrackPlace Place, ConntrackQuestion? First, MacAddress Destination, TrackedVerdict? Verdict, string? Obstacle) : Target;
}
