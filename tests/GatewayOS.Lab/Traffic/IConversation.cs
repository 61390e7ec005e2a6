namespace GatewayOS.Lab.Traffic;

/// <summary>A client that talks to a server: a message, then its answer, as often as one likes. Disposing it ends it, as well as it can.</summary>
internal interface IConversation : IAsyncDisposable
{
    /// <summary>Sends a message and waits for the answer.</summary>
    /// <returns>Whether the answer came in time.</returns>
    public Task<bool> ExchangeAsync(TimeSpan patience, CancellationToken token);
}
