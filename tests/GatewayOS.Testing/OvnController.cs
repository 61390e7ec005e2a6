using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GatewayOS.Testing;

/// <summary>A real ovn-controller with an ovs-vswitchd that has dummy interfaces only: it installs flows, and no packet ever comes.</summary>
public sealed partial class OvnController : IDisposable
{
    private const string Schema = "/usr/share/openvswitch/vswitch.ovsschema";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly OvsdbServer _database = OvsdbServer.Start(File.ReadAllText(Schema));
    private readonly string _programs;
    private readonly List<Process> _processes = [];

    private OvnController(string programs) => _programs = programs;

    /// <summary>Whether a folder has ovn-controller and ovs-vswitchd; the empty one stands for those that Debian installs.</summary>
    public static bool IsInstalled(string programs) =>
        OvsdbServer.IsInstalled && File.Exists(Schema)
        && new[] { "ovn-controller", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl" }.All(program => Find(programs, program) is not null);

    /// <summary>Starts one chassis.</summary>
    /// <param name="programs">The folder of the programs; empty for those that Debian installs.</param>
    /// <param name="southbound">The remote of the southbound database.</param>
    /// <param name="chassis">Its system-id.</param>
    /// <param name="address">Its tunnel endpoint.</param>
    /// <param name="logicalPorts">The logical ports that have an interface here.</param>
    public static OvnController Start(string programs, string southbound, string chassis, string address, IEnumerable<string> logicalPorts)
    {
        var controller = new OvnController(programs);
        try
        {
            controller.Configure(
                ["init"],
                ["set", "Open_vSwitch", ".", $"external-ids:system-id={chassis}", $"external-ids:ovn-remote={southbound}"],
                ["set", "Open_vSwitch", ".", "external-ids:ovn-encap-type=geneve", $"external-ids:ovn-encap-ip={address}"],
                ["add-br", "br-int"]);
            foreach (var (index, ports) in logicalPorts.Chunk(100).Index())
            {
                controller.Configure([.. ports.Select((port, number) => AddPort($"v{(index * 100) + number}", port))]);
            }

            controller.Run("ovs-vswitchd", "--enable-dummy=override", "--disable-system", "--no-chdir", controller._database.Remote);
            controller.Run("ovn-controller", "--no-chdir", controller._database.Remote);
            return controller;
        }
        catch
        {
            controller.Dispose();
            throw;
        }
    }

    /// <summary>The tunnel keys of the datapaths that have flows in the first table of the logical ingress pipeline.</summary>
    public SortedSet<int> Datapaths() => [.. Metadata().Matches(Execute("ovs-ofctl", "dump-flows", $"unix:{_database.Folder}/br-int.mgmt", "table=8"))
        .Select(match => int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _database.Dispose();
    }

    private static string[] AddPort(string name, string logicalPort) =>
        ["add-port", "br-int", name, "--", "set", "Interface", name, "type=dummy", $"external-ids:iface-id={logicalPort}"];

    private static string? Find(string programs, string program) =>
        (programs.Length > 0 ? [programs] : new[] { "/usr/sbin", "/usr/bin" })
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private void Configure(params string[][] commands) => Execute(
        "ovs-vsctl", [$"--db={_database.Remote}", "--no-wait", .. commands.SelectMany((command, index) => index == 0 ? command : ["--", .. command])]);

    private void Run(string program, params IEnumerable<string> arguments)
    {
        var process = Start(program, [$"--log-file={_database.Folder}/{program}.log", "-vconsole:off", .. arguments]);
        _processes.Add(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private string Execute(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        return process.WaitForExit(s_patience) && process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}");
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(_programs, program) ?? throw new InvalidOperationException($"{program} is not installed"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // Where they look for sockets that no option names.
        foreach (var variable in new[] { "OVS_RUNDIR", "OVN_RUNDIR", "OVS_DBDIR", "OVS_LOGDIR", "OVN_LOGDIR" })
        {
            start.Environment[variable] = _database.Folder;
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex("metadata=0x([0-9a-f]+)")]
    private static partial Regex Metadata();
}
