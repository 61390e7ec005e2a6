namespace GatewayOS.System.Tests.Stateful;

/// <summary>Compares what came to the ends of two networks, octet for octet, as often as it came.</summary>
internal static class Difference
{
    /// <returns>Null if it is the same; otherwise what is on one side only.</returns>
    public static string? Of(IReadOnlyList<Arrival> stock, IReadOnlyList<Arrival> fast)
    {
        var missing = Without(stock, fast);
        var added = Without(fast, stock);
        return missing.Count + added.Count == 0 ? null
            : string.Join('\n', missing.Select(one => $"    without the fast path only: {one}").Concat(added.Select(one => $"    with the fast path only:    {one}")));
    }

    private static List<Arrival> Without(IReadOnlyList<Arrival> some, IReadOnlyList<Arrival> others)
    {
        var rest = others.CountBy(one => one.Key).ToDictionary();
        var found = new List<Arrival>();
        foreach (var one in some)
        {
            if (rest.GetValueOrDefault(one.Key) is > 0 and var left)
            {
                rest[one.Key] = left - 1;
            }
            else
            {
                found.Add(one);
            }
        }

        return found;
    }
}
