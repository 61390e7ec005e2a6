namespace GatewayOS.Ovsdb;

/// <summary>How a client treats its connection. The defaults are those of OVS and OVN.</summary>
public sealed record ConnectionOptions
{
    /// <summary>Needed for <c>ssl:</c> remotes only.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Whether only the leader of a clustered database will do; ovn-controller takes any member that is in touch with it.</summary>
    public bool LeaderOnly { get; init; }

    /// <summary>
    /// After this long without a word from the server it is probed, after twice as long it is given up. Zero turns probes off. Null stands for
    /// 5 s, and for no probes on Unix sockets: these tell when the server is gone, and a busy one is not to be left.
    /// </summary>
    public TimeSpan? ProbeInterval { get; init; }

    /// <summary>How long connecting (TLS included) may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after all remotes failed once; it doubles up to <see cref="MaximumBackOff"/>.</summary>
    public TimeSpan MinimumBackOff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaximumBackOff { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Spreads the pauses of many clients, so that they do not return to a restarted server all at once.</summary>
    public uint JitterSeed { get; init; } = (uint)HashCode.Combine(Environment.MachineName, Environment.ProcessId);

    /// <summary>Octets; a longer message is an error. Protects against a peer that never ends its message.</summary>
    public int MaximumMessageSize { get; init; } = 1 << 30;
}
