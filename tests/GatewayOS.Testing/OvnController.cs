using System.Globalization;
using System.Text.RegularExpressions;

namespace GatewayOS.Testing;

/// <summary>A real ovn-controller with an ovs-vswitchd that has dummy interfaces only: it installs flows, and no packet ever comes.</summary>
public sealed partial class OvnController : IDisposable
{
    private const string Schema = "/usr/share/openvswitch/vswitch.ovsschema";

    private readonly OvsdbServer _database = OvsdbServer.Start(File.ReadAllText(Schema));
    private readonly PeerPrograms _programs;

    private OvnController(string programs) => _programs = new(programs, _database.Folder);

    /// <summary>Whether a folder has ovn-controller and ovs-vswitchd; the empty one stands for those that Debian installs.</summary>
    public static bool IsInstalled(string programs) =>
        OvsdbServer.IsInstalled && File.Exists(Schema) && PeerPrograms.Exist(programs, "ovn-controller", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl");

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

            controller._programs.Run("ovs-vswitchd", "--enable-dummy=override", "--disable-system", controller._database.Remote);
            controller._programs.Run("ovn-controller", controller._database.Remote);
            return controller;
        }
        catch
        {
            controller.Dispose();
            throw;
        }
    }

    /// <summary>The tunnel keys of the datapaths that have flows in the first table of the logical ingress pipeline.</summary>
    public SortedSet<int> Datapaths() =>
        [.. Metadata().Matches(_programs.Execute("ovs-ofctl", "dump-flows", $"unix:{_database.Folder}/br-int.mgmt", "table=8"))
            .Select(match => int.Parse(match.Groups["key"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        _programs.Dispose();
        _database.Dispose();
    }

    private static string[] AddPort(string name, string logicalPort) =>
        ["add-port", "br-int", name, "--", "set", "Interface", name, "type=dummy", $"external-ids:iface-id={logicalPort}"];

    private void Configure(params string[][] commands) => _programs.Execute(
        "ovs-vsctl", [$"--db={_database.Remote}", "--no-wait", .. commands.SelectMany((command, index) => index == 0 ? command : ["--", .. command])]);

    [GeneratedRegex("metadata=0x(?<key>[0-9a-f]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metadata();
}
