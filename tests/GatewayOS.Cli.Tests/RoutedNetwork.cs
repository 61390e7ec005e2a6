using System.Text.Json;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>A gateway between a VLAN and two VMs elsewhere; vm1 has a floating IP. ACLs of the VLAN let TCP in and drop UDP to port 9.</summary>
/// <remarks>
/// <code>
///   172.16.0.100          gw1                                     hv1
///   ext ---VLAN 100--- [ext0  pub --- lr --- ls0  uplink0]---Geneve--- vm1 10.0.0.11 (172.16.0.50), vm2 10.0.0.12
/// </code>
/// </remarks>
public sealed class RoutedNetwork : IAsyncLifetime
{
    public const string RouterInside = "00:00:00:00:ff:01", RouterOutside = "00:00:00:00:ff:02", External = "02:ee:00:00:00:01", Vm2 = "50:54:00:00:00:02";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gatewayctl");
    private OvnSandbox? _ovn;

    public string Remote => _ovn!.Remote;

    public string PortsFile => Path.Combine(_folder.FullName, "ports.json");

    internal Southbound Southbound { get; private set; } = Southbound.Empty;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OvnSandbox.IsInstalled, "needs ovn-central and openvswitch-switch (make bootstrap installs them)");
        _ovn = new OvnSandbox();
        foreach (var (chassis, ip) in new[] { ("gw1", "172.31.0.1"), ("hv1", "172.31.0.2") })
        {
            // Without these northd takes the chassis for an old one and writes flows for it.
            _ovn.Southbound(
                $"chassis-add {chassis} geneve {ip}",
                $"set Chassis {chassis} other_config:ct-no-masked-label=true other_config:mac-binding-timestamp=true other_config:ovn-ct-lb-related=true");
        }

        _ovn.Northbound(
            $"lr-add lr -- lrp-add lr lr-ls0 {RouterInside} 10.0.0.1/24 -- lrp-add lr lr-pub {RouterOutside} 172.16.0.1/24",
            "lrp-set-gateway-chassis lr-pub gw1",
            "ls-add ls0 -- lsp-add ls0 ls0-lr -- lsp-set-type ls0-lr router -- lsp-set-addresses ls0-lr router -- lsp-set-options ls0-lr router-port=lr-ls0",
            "lsp-add ls0 vm1 -- lsp-add ls0 vm2",
            "ls-add pub -- lsp-add pub pub-lr -- lsp-set-type pub-lr router -- lsp-set-addresses pub-lr router -- lsp-set-options pub-lr router-port=lr-pub",
            "lsp-add pub ln -- set Logical_Switch_Port ln tag_request=100 type=localnet options:network_name=physnet1 addresses=unknown",
            $"static-mac-binding-add lr-pub 172.16.0.100 {External}",
            "lr-nat-add lr dnat_and_snat 172.16.0.50 10.0.0.11");
        _ovn.NorthboundWords("lsp-set-addresses", "vm1", "50:54:00:00:00:01 10.0.0.11");
        _ovn.NorthboundWords("lsp-set-addresses", "vm2", $"{Vm2} 10.0.0.12");
        _ovn.NorthboundWords("acl-add", "pub", "from-lport", "1002", "ip4.src == 172.16.0.100 && tcp", "allow-stateless");
        _ovn.NorthboundWords("acl-add", "pub", "from-lport", "1001", "udp.dst == 9", "drop");
        _ovn.Northbound();
        _ovn.Southbound("lsp-bind vm1 hv1", "lsp-bind vm2 hv1", "lsp-bind cr-lr-pub gw1");
        _ovn.Northbound();
        Southbound = await Southbound.LoadAsync([Ovsdb.Remote.Parse(Remote)], cancellationToken: TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            PortsFile,
            """
            {"ports": [{"name": "uplink0", "device": 1, "kind": "physical"},
                       {"name": "ext0", "device": 2, "kind": "physical", "network": "physnet1"}],
             "tunnel": {"port": "uplink0", "localIp": "172.31.0.1", "mac": "02:00:00:31:00:01",
                        "neighbors": [{"ip": "172.31.0.2", "mac": "02:00:00:31:00:02"}]}}
            """,
            TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _ovn?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The Geneve header with which a packet crosses the underlay.</summary>
    internal TunnelLayer Tunnel(string datapath, string inPort, string outPort, bool toGateway) => new()
    {
        EthSrc = MacAddress.Parse(toGateway ? "02:00:00:31:00:02" : "02:00:00:31:00:01"),
        EthDst = MacAddress.Parse(toGateway ? "02:00:00:31:00:01" : "02:00:00:31:00:02"),
        Src = System.Net.IPAddress.Parse(toGateway ? "172.31.0.2" : "172.31.0.1"),
        Dst = System.Net.IPAddress.Parse(toGateway ? "172.31.0.1" : "172.31.0.2"),
        Vni = (uint)Southbound.DatapathBindings.Single(row => row.ExternalIds.Find("name") == datapath).TunnelKey,
        InKey = KeyOf(inPort),
        OutKey = KeyOf(outPort),
    };

    /// <summary>Runs lines through <c>replay</c>.</summary>
    internal async Task<IReadOnlyList<JsonElement>> ReplayAsync(params IEnumerable<string> lines)
    {
        var input = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandTree.RunAsync(
            ["replay", "--sb", Remote, "--chassis", "gw1", "--ports", PortsFile], () => input, output, error, TestContext.Current.CancellationToken);
        Assert.Equal("", error.ToString());
        Assert.Equal(0, code);
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    internal static string Line(string port, TestFrame frame) =>
        JsonSerializer.Serialize(new Dictionary<string, string> { ["port"] = port, ["packet"] = Convert.ToHexString(frame.ToBytes()) });

    private ushort KeyOf(string port) => (ushort)Southbound.PortBindings.Single(row => row.LogicalPort == port).TunnelKey;
}
