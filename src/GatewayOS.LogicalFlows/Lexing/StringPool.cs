namespace GatewayOS.LogicalFlows;

/// <summary>
/// Gives equal strings the same object: thousands of flows name the same ports. Not for concurrent use. It forgets
/// everything when it is full, so that names that are long gone do not stay.
/// </summary>
internal sealed class StringPool
{
    private const int Capacity = 1 << 16;

    private readonly HashSet<string> _strings = [];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public StringPool() => _lookup = _strings.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        if (_strings.Count == Capacity)
        {
            _strings.Clear();
        }

        var added = text.ToString();
        _strings.Add(added);
        return added;
    }
}
