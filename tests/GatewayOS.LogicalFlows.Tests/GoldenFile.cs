namespace GatewayOS.LogicalFlows.Tests;

/// <summary>A file of inputs, flush left, each followed by what is expected of it, indented. Lines that start with # are comments.</summary>
internal static class GoldenFile
{
    public static IEnumerable<(string Input, IReadOnlyList<string> Expected)> Read(string name)
    {
        string? input = null;
        var expected = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", name)))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.StartsWith("    ", StringComparison.Ordinal) && input is not null)
            {
                expected.Add(line[4..]);
                continue;
            }

            if (input is not null)
            {
                yield return (input, expected);
            }

            (input, expected) = (line, []);
        }

        if (input is not null)
        {
            yield return (input, expected);
        }
    }
}
