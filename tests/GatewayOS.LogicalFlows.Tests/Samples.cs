using System.IO.Compression;

namespace GatewayOS.LogicalFlows.Tests;

/// <summary>Inputs that several tests share.</summary>
internal static class Samples
{
    /// <summary>The sets of OVN's own test program.</summary>
    public static NamedSets Sets { get; } = new(
        [
            Set("set1", "10.0.0.1", "10.0.0.2", "10.0.0.3"),
            Set("set2", "::1", "::2", "::3"),
            Set("set3", "00:00:00:00:00:01", "00:00:00:00:00:02", "00:00:00:00:00:03"),
            Set("set4"),
        ],
        [Set("pg1", "lsp1", "lsp2", "lsp3"), Set("pg_empty")]);

    /// <summary>Names of the southbound databases that flows were taken from; the OVN version that made them is at the end.</summary>
    public static IEnumerable<string> Databases { get; } =
        ["basic-23.03", "basic-25.03", "neutron-23.03", "neutron-25.03", "ovn-kubernetes-23.03", "ovn-kubernetes-25.03", "scale-23.03"];

    /// <summary>Flows of a database, a few of every shape.</summary>
    public static IEnumerable<(Pipeline Pipeline, int Table, string Match, string Actions)> Flows(string database)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", database + ".tsv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            var columns = line.Split('\t');
            yield return (
                columns[0] == "ingress" ? Pipeline.Ingress : Pipeline.Egress,
                int.Parse(columns[1], System.Globalization.CultureInfo.InvariantCulture),
                columns[2],
                columns[3]);
        }
    }

    private static KeyValuePair<string, IEnumerable<string>> Set(string name, params string[] items) => new(name, items);
}
