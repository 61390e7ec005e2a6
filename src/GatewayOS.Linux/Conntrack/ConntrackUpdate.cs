namespace GatewayOS.Linux.Conntrack;

/// <summary>What to change of a connection; null leaves it.</summary>
public sealed record ConntrackUpdate
{
    /// <summary>It ends after so long without a packet; whole seconds.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether sequence numbers out of the window are valid, in both directions; of TCP only.</summary>
    public bool? BeLiberal { get; init; }

    public uint? Mark { get; init; }

    public UInt128? Labels { get; init; }
}
