namespace GatewayOS.Compiler.Tracking;

/// <summary>Equal values as one object: connections that go the same way share what says so.</summary>
internal sealed class Pool<T>
    where T : class
{
    // Beyond, most are of ways that are no longer gone.
    private const int Limit = 100_000;

    private readonly HashSet<T> _values = [];

    public T Of(T value)
    {
        if (_values.TryGetValue(value, out var same))
        {
            return same;
        }

        if (_values.Count == Limit)
        {
            _values.Clear();
        }

        _values.Add(value);
        return value;
    }
}
