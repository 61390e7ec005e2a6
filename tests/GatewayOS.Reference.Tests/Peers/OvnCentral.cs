using System.Diagnostics;
using GatewayOS.Testing;

namespace GatewayOS.Reference.Tests.Peers;

/// <summary>Real northbound and southbound databases with a real ovn-northd between them.</summary>
internal sealed class OvnCentral : IDisposable
{
    private const string Schemas = "/usr/share/ovn";

    private readonly OvsdbServer _northbound = OvsdbServer.Start(File.ReadAllText(Path.Combine(Schemas, "ovn-nb.ovsschema")));
    private readonly OvsdbServer _southbound = OvsdbServer.Start(File.ReadAllText(Path.Combine(Schemas, "ovn-sb.ovsschema")));
    private readonly Process _northd;

    public OvnCentral()
    {
        Programs.Run("ovn-nbctl", $"--db={_northbound.Remote}", "init");
        Programs.Run("ovn-sbctl", $"--db={_southbound.Remote}", "init");
        _northd = Programs.Start(
            "ovn-northd", $"--ovnnb-db={_northbound.Remote}", $"--ovnsb-db={_southbound.Remote}", $"--unixctl={Path.Combine(_southbound.Folder, "northd")}", "-voff");
    }

    public string Southbound => _southbound.Remote;

    /// <summary>Runs northbound commands (one transaction, one command a line) and waits for the southbound flows.</summary>
    public void Configure(string commands) => Programs.Run(
        "ovn-nbctl",
        [
            $"--db={_northbound.Remote}", "--wait=sb", "--timeout=60",
            .. commands.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(line => Words(line).Prepend("--")),
        ]);

    public void ConfigureSouthbound(params IEnumerable<string> command) => Programs.Run("ovn-sbctl", [$"--db={_southbound.Remote}", "--timeout=60", .. command]);

    /// <summary>Makes a router port have learned a neighbour.</summary>
    public void Bind(string port, string ip, string mac)
    {
        var datapath = Programs.Run("ovn-sbctl", $"--db={_southbound.Remote}", "--bare", "--columns=datapath", "find", "Port_Binding", $"logical_port={port}").Trim();
        ConfigureSouthbound("create", "MAC_Binding", $"logical_port={port}", $"ip=\"{ip}\"", $"mac=\"{mac}\"", $"datapath={datapath}");
    }

    public void Dispose()
    {
        _northd.Kill();
        _northd.WaitForExit();
        _northd.Dispose();
        _southbound.Dispose();
        _northbound.Dispose();
    }

    // Words are separated by blanks; single quotes hold words together.
    private static IEnumerable<string> Words(string line) =>
        line.Split('\'').SelectMany((part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
