namespace GatewayOS.Ovsdb;

/// <summary>How a client stands with its servers.</summary>
/// <remarks>
/// <code>
/// Connecting --> Connected(remote) &lt;--> Disconnected(reason)
///     \________________________________^
/// </code>
/// Attempts that fail while disconnected leave the state as it is unless the reason changes.
/// </remarks>
public abstract record ConnectionState
{
    private ConnectionState()
    {
    }

    /// <summary>The first attempts are under way.</summary>
    public sealed record Connecting : ConnectionState;

    /// <summary>The snapshot is complete and follows the server.</summary>
    public sealed record Connected(Remote Remote) : ConnectionState;

    /// <summary>The snapshot is the last one known; the client keeps trying.</summary>
    /// <param name="Reason">A sentence that names the remote, what came back and what to look at.</param>
    public sealed record Disconnected(string Reason) : ConnectionState;
}
