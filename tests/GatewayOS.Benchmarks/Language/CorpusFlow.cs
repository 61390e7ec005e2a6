using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.Testing;

namespace GatewayOS.Benchmarks.Language;

/// <summary>The text of a logical flow and where it stands.</summary>
public sealed record CorpusFlow(ActionContext Context, string Match, string Actions)
{
    private const string SampleSuffix = ".tsv.gz";

    /// <summary>
    /// What flows can be read from: the standalone database files (compressed if the name ends in .gz) that OVN_SOUTHBOUND_FILES names, separated by colons;
    /// without it, the samples that the tests have, a few flows of every shape.
    /// </summary>
    public static IEnumerable<string> Sources =>
        Environment.GetEnvironmentVariable("OVN_SOUTHBOUND_FILES")?.Split(':', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } files
            ? files
            : Assembly.GetExecutingAssembly().GetManifestResourceNames().Order(StringComparer.Ordinal);

    /// <summary>Reads all flows of one of the <see cref="Sources"/>, in its order.</summary>
    public static CorpusFlow[] Read(string source) => source.EndsWith(SampleSuffix, StringComparison.Ordinal) ? ReadSample(source) : ReadDatabase(source);

    private static CorpusFlow[] ReadDatabase(string file)
    {
        using var content = File.OpenRead(file);
        using var database = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(content, CompressionMode.Decompress) : (Stream)content;
        using var server = OvsdbServer.Open(database);
        var southbound = Southbound.LoadAsync(Remote.ParseList(server.Remote)).GetAwaiter().GetResult();
        return [.. southbound.LogicalFlows.Select(flow =>
            new CorpusFlow(new ActionContext(flow.IsIngress ? Pipeline.Ingress : Pipeline.Egress, flow.TableId), flow.Match, flow.Actions))];
    }

    private static CorpusFlow[] ReadSample(string name)
    {
        using var reader = new StreamReader(
            new GZipStream(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, CompressionMode.Decompress));
        return [.. Lines(reader).Select(line => line.Split('\t')).Select(columns => new CorpusFlow(
            new ActionContext(columns[0] == "ingress" ? Pipeline.Ingress : Pipeline.Egress, int.Parse(columns[1], CultureInfo.InvariantCulture)),
            columns[2],
            columns[3]))];
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
