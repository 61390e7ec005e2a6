using System.Text.Json;
using Xunit;

namespace GatewayOS.Cli.Tests;

public sealed class TraceCommandTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    private const string FromVm2 =
        $"inport == \"vm2\" && eth.src == {RoutedNetwork.Vm2} && eth.dst == {RoutedNetwork.RouterInside} && ip4 && ip4.src == 10.0.0.12 && ip4.dst == 172.16.0.100 && ip.ttl == 64";

    [Fact]
    public async Task A_trace_shows_the_stages_as_ovn_trace_does()
    {
        var (code, text, _) = await TraceAsync("ls0", FromVm2);
        Assert.Equal(0, code);
        Assert.Contains("ingress(dp=\"ls0\", inport=\"vm2\")", text, StringComparison.Ordinal);
        Assert.Contains("lr_in_ip_routing", text, StringComparison.Ordinal);
        Assert.Contains("/* tunnel to chassis \"gw1\"", text, StringComparison.Ordinal);
        Assert.Contains("/* output to \"ln\", type \"localnet\" */", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_minimal_trace_shows_what_can_be_seen_from_outside()
    {
        var (_, text, _) = await TraceAsync("ls0", FromVm2, "--minimal");
        Assert.StartsWith("# inport == ", text, StringComparison.Ordinal);
        Assert.Contains("ip.ttl--;\n", text, StringComparison.Ordinal);
        Assert.EndsWith("output(\"ln\");\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_steps_and_outcomes()
    {
        var (_, text, _) = await TraceAsync("ls0", FromVm2, "--json");
        using var report = JsonDocument.Parse(text);
        Assert.Equal("ls_in_check_port_sec", report.RootElement.GetProperty("steps")[0].GetProperty("stage").GetString());
        var last = report.RootElement.GetProperty("outcomes").EnumerateArray().Last();
        Assert.Equal(("output", "gw1", "ln", 100), (
            last.GetProperty("kind").GetString(), last.GetProperty("chassis").GetString(), last.GetProperty("port").GetString(), last.GetProperty("vlan").GetInt32()));
        Assert.Equal("0x3f", last.GetProperty("changes").GetProperty("ip.ttl").GetString());
    }

    [Theory]
    [InlineData("nowhere", "ip4", "", "gatewayctl: unknown datapath \"nowhere\"\n")]
    [InlineData("ls0", "ip4 &&", "", "gatewayctl: error parsing flow: Syntax error at end of input expecting constant.\n")]
    [InlineData("ls0", "ip4", "", "gatewayctl: microflow does not specify ingress port, or one that is not there; \"ls0\" has ls0-lr, vm1, vm2\n")]
    [InlineData("ls0", "ip4 && inport == \"vm1\"", "odd", "gatewayctl: --ct odd: unknown connection tracking state flag\n")]
    public async Task What_cannot_be_traced_is_said_in_one_line(string datapath, string microflow, string state, string complaint)
    {
        var (code, text, error) = await TraceAsync(datapath, microflow, state.Length > 0 ? ["--ct", state] : []);
        Assert.Equal((1, "", complaint), (code, text, error));
    }

    private async Task<(int Code, string Output, string Error)> TraceAsync(string datapath, string microflow, params string[] options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandTree.RunAsync(
            ["trace", "--sb", network.Remote, "--chassis", "hv1", "--datapath", datapath, "--microflow", microflow, .. options],
            () => Stream.Null, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
