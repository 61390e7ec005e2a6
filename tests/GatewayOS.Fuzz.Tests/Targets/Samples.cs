using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace GatewayOS.Fuzz.Tests.Targets;

/// <summary>Real inputs.</summary>
internal static class Samples
{
    private static readonly string[] s_databases = ["neutron-25.03.tsv.gz", "ovn-kubernetes-25.03.tsv.gz", "basic-23.03.tsv.gz"];

    /// <summary>Matches of real databases, a few of every shape.</summary>
    public static IReadOnlyList<string> Matches { get; } = [.. Flows(2)];

    /// <summary>Actions of real databases.</summary>
    public static IReadOnlyList<string> Actions { get; } = [.. Flows(3)];

    /// <summary>A file of the folder seeds; parts are separated by lines of three dashes.</summary>
    public static IReadOnlyList<string> Parts(string file) => Read(file, plain: true).Split("\n---\n");

    private static IEnumerable<string> Flows(int column) =>
        s_databases.SelectMany(name => Read(name, plain: false).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => line.Split('\t')[column]).Distinct();

    private static string Read(string name, bool plain)
    {
        var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(plain ? stream : new GZipStream(stream, CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
