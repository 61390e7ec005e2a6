namespace GatewayOS.System.Tests.Stateful;

/// <summary>How often what happened.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what) => _counts[what] = this[what] + 1;

    /// <returns>What happened less often than it should.</returns>
    public IEnumerable<string> Missing(IReadOnlyDictionary<string, int> least) =>
        least.Where(one => this[one.Key] < one.Value).Select(one => $"{one.Key}: {this[one.Key]} instead of {one.Value} or more");

    public override string ToString() =>
        string.Join(", ", _counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}"));
}
