using GatewayOS.Lab.Topologies;

namespace GatewayOS.Lab.Running;

/// <summary>The northbound and southbound databases and ovn-northd, in a namespace of their own, reached by Unix sockets.</summary>
internal sealed class CentralNode(string network, string folder)
{
    public string NorthboundRemote => $"unix:{folder}/nb.sock";

    public string SouthboundRemote => $"unix:{folder}/sb.sock";

    public async Task StartAsync(CancellationToken token)
    {
        await Task.WhenAll(DatabaseAsync("nb", token), DatabaseAsync("sb", token));
        await RunAsync(
            "ovn-northd",
            [$"--ovnnb-db={NorthboundRemote}", $"--ovnsb-db={SouthboundRemote}", $"--unixctl={folder}/northd.ctl", .. Daemon("northd")],
            token);
    }

    /// <summary>Runs the northbound commands of a topology as one transaction; a line <c>commit</c> ends it, and starts another.</summary>
    public async Task ConfigureAsync(Topology topology, CancellationToken token)
    {
        var words = new List<string>();
        foreach (var line in topology.Northbound.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Append("commit"))
        {
            if (line != "commit")
            {
                words.AddRange(Words(line).Prepend("--"));
            }
            else if (words.Count > 0)
            {
                await NorthboundAsync(words.Skip(1), token);
                words.Clear();
            }
        }
    }

    public Task<string> NorthboundAsync(IEnumerable<string> words, CancellationToken token) =>
        RunAsync("ovn-nbctl", ["--no-leader-only", $"--db={NorthboundRemote}", "--timeout=30", .. words], token);

    public Task<string> SouthboundAsync(IEnumerable<string> words, CancellationToken token) =>
        RunAsync("ovn-sbctl", ["--no-leader-only", $"--db={SouthboundRemote}", "--timeout=30", .. words], token);

    /// <summary>Splits at blanks outside of <c>'...'</c>.</summary>
    public static IEnumerable<string> Words(string line) =>
        line.Split('\'').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Has ovn-northd stand still (pause), or go on (resume), see ovn-northd(8).</summary>
    public Task NorthdAsync(string command, CancellationToken token) => RunAsync("ovs-appctl", ["-t", $"{folder}/northd.ctl", command], token);

    /// <summary>Ends the server of the southbound database.</summary>
    public Task StopSouthboundAsync(CancellationToken token) => RunAsync("ovs-appctl", ["-t", $"{folder}/sb.ctl", "exit"], token);

    /// <summary>Serves the southbound database again, as it was.</summary>
    public Task RestartSouthboundAsync(CancellationToken token) => ServeAsync("sb", token);

    private async Task DatabaseAsync(string name, CancellationToken token)
    {
        await RunAsync("ovsdb-tool", ["create", $"{folder}/{name}.db", $"{Tool.SchemasOf("ovn")}/ovn-{name}.ovsschema"], token);
        await ServeAsync(name, token);
    }

    private Task<string> ServeAsync(string name, CancellationToken token) => RunAsync(
        "ovsdb-server", [$"--remote=punix:{folder}/{name}.sock", $"--unixctl={folder}/{name}.ctl", .. Daemon(name), $"{folder}/{name}.db"], token);

    private IEnumerable<string> Daemon(string name) => DaemonOptions.For(folder, name);

    private Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken token) =>
        Tool.RunAsync(network, program, arguments, token: token);
}
