namespace GatewayOS.Compiler.Tracking;

/// <summary>Equal values as one object: connections that go the same way share what says so.</summary>
internal sealed class Pool<T>
    where T : class
{
    // Beyond, most are of ways that are no longer gone.
    private const int Limit = 100_000;

    private readonly HashSet<T> _values = [];

    public T Of(T value) => Of(value, it => it);

    /// <param name="value">Only lent.</param>
    /// <param name="copy">What is kept of it, when there is no such value yet.</param>
    public T Of(T value, Func<T, T> copy)
    {
        if (_values.TryGetValue(value, out var same))
        {
            return same;
        }

        if (_values.Count == Limit)
        {
            _values.Clear();
        }

        var kept = copy(value);
        _values.Add(kept);
        return kept;
    }
}
