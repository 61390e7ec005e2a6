namespace GatewayOS.Connections;

/// <summary>A reading of a connection: what it is, and what changes with its packets.</summary>
/// <param name="Connection">What it is.</param>
public sealed record ConnectionEntry(Connection Connection)
{
    /// <summary>It ends after so long without a packet; null when the tracker did not tell.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Null when the tracker does not count (<c>net.netfilter.nf_conntrack_acct</c>; Open vSwitch never does).</summary>
    public TrafficCount? OriginalTraffic { get; init; }

    public TrafficCount? ReplyTraffic { get; init; }

    /// <summary>What this reading does not tell, so that it is as it was: the kernel's events leave out what is not new.</summary>
    public ConnectionParts Missing { get; init; }

    /// <summary>The application helper that reads its data, such as <c>ftp</c>.</summary>
    public string? Helper { get; init; }
}
