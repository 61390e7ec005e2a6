using GatewayOS.Connections;

namespace GatewayOS.Linux.Conntrack;

/// <summary>How to follow the kernel's connections.</summary>
public sealed record ConntrackFollowerOptions
{
    /// <summary>What to tell of; the kernel sends events of everything, the rest is dropped on arrival.</summary>
    public ConntrackFilter Filter { get; init; } = ConntrackFilter.All;

    /// <summary>How often everything is listed although no event was lost.</summary>
    public DumpPace Pace { get; init; } = DumpPace.Kernel;

    /// <summary>Octets of events the kernel keeps until we read.</summary>
    public int ReceiveBuffer { get; init; } = ConntrackFollower.DefaultReceiveBuffer;
}
