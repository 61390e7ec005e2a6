using System.Globalization;
using System.IO.Compression;
using GatewayOS.Lab.Running;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>A live ovsdb-server with a copy of a southbound database, in a network namespace of its own. Disposing it removes all of it.</summary>
internal sealed class CorpusServer : IAsyncDisposable
{
    private readonly LabRun _run;

    private CorpusServer(LabRun run) => _run = run;

    /// <summary>The meter of ovsdb-server.</summary>
    public ProcessMeter Meter => new(int.Parse(File.ReadAllText($"{Folder}/sb.pid"), CultureInfo.InvariantCulture));

    /// <summary>Where daemons beside it may live: a namespace, removed with everything in it.</summary>
    public string Network => $"{_run.Name}-chassis";

    public string Folder => _run.Folder;

    public string Remote => $"unix:{Folder}/sb.sock";

    /// <param name="database">A standalone database file, compressed if its name ends in .gz. ovn-controller writes to the copy only.</param>
    /// <param name="token">Ends the waiting.</param>
    /// <exception cref="LabException">Something does not start.</exception>
    public static async Task<CorpusServer> StartAsync(string database, CancellationToken token)
    {
        await LabRun.RemoveLeftoversAsync();
        var server = new CorpusServer(LabRun.Create());
        try
        {
            await Tool.IpAsync(null, [$"netns add {server.Network}"], token);
            await Tool.IpAsync(server.Network, ["link set lo up"], token);
            await CopyAsync(database, $"{server.Folder}/sb.db", token);
            await Tool.RunAsync(
                server.Network,
                "ovsdb-server",
                [$"--remote=punix:{server.Folder}/sb.sock", $"--unixctl={server.Folder}/sb.ctl", .. DaemonOptions.For(server.Folder, "sb"), $"{server.Folder}/sb.db"],
                token: token);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task<Southbound> LoadAsync(CancellationToken token) =>
        Southbound.LoadAsync(GatewayOS.Ovsdb.Remote.ParseList(Remote), new ConnectionOptions { ProbeInterval = TimeSpan.Zero }, token);

    /// <summary>Runs ovn-sbctl on the database.</summary>
    public Task<string> SouthboundAsync(IEnumerable<string> words, CancellationToken token) =>
        Tool.RunAsync(Network, "ovn-sbctl", ["--no-leader-only", $"--db={Remote}", "--timeout=300", .. words], token: token);

    /// <summary>Copies the database as it is now; nobody may be writing.</summary>
    public void Save(string file) => File.Copy($"{Folder}/sb.db", file);

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    private static async Task CopyAsync(string from, string to, CancellationToken token)
    {
        await using var file = File.OpenRead(from);
        await using var content = from.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        await using var copy = File.Create(to);
        await content.CopyToAsync(copy, token);
    }
}
