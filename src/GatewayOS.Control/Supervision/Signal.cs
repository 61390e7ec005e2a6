namespace GatewayOS.Control.Supervision;

/// <summary>Wakes one waiter; any number of calls before it looks count as one.</summary>
public sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private readonly Lock _gate = new();

    public void Set()
    {
        lock (_gate)
        {
            if (_semaphore.CurrentCount == 0)
            {
                _semaphore.Release();
            }
        }
    }

    public Task WaitAsync(CancellationToken token) => _semaphore.WaitAsync(token);

    public void Dispose() => _semaphore.Dispose();
}
