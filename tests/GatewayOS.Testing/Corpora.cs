using System.IO.Compression;

namespace GatewayOS.Testing;

/// <summary>Real southbound databases, where this machine has them: in <c>shared/corpus</c> beside a folder that this program is in.</summary>
public static class Corpora
{
    private static readonly string? s_folder = Find();

    /// <summary>Why a test that needs one is skipped.</summary>
    public const string Absent = "there is no folder shared/corpus with southbound databases";

    public static bool Exist => s_folder is not null;

    /// <summary>What there is, in the order of the names; empty when there is nothing.</summary>
    public static IReadOnlyList<string> Names { get; } =
        s_folder is null ? [] : [.. Directory.GetDirectories(s_folder).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>Serves a copy of a corpus' southbound database.</summary>
    public static OvsdbServer Serve(string name)
    {
        using var file = File.OpenRead(Path.Combine(s_folder ?? throw new InvalidOperationException(Absent), name, "sb.db.gz"));
        using var content = new GZipStream(file, CompressionMode.Decompress);
        return OvsdbServer.Open(content);
    }

    private static string? Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, "shared", "corpus");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
