namespace GatewayOS.Connections;

/// <summary>How often to list all connections: as often as a share of the time allows, so that a large table is listed less often.</summary>
/// <param name="Shortest">The shortest pause between two dumps.</param>
/// <param name="Longest">The longest, however long a dump takes.</param>
/// <param name="Share">Of the time, what dumps may take; 0 to 1. The longest pause goes before it.</param>
public sealed record DumpPace(TimeSpan Shortest, TimeSpan Longest, double Share)
{
    /// <summary>For what has events, too.</summary>
    public static DumpPace Kernel { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), 0.05);

    /// <summary>For Open vSwitch's userspace datapath, whose main thread a dump stops.</summary>
    public static DumpPace Userspace { get; } = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10), 0.05);

    /// <param name="dump">What the last dump took.</param>
    public TimeSpan PauseAfter(TimeSpan dump)
    {
        var pause = dump * (1 / Share - 1);
        return pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
    }
}
