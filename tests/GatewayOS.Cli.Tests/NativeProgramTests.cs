using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using GatewayOS.Core;
using GatewayOS.Testing;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>
/// <c>gatewayctl</c> as <c>make native</c> has made it says what this process says: in machine code there is no reflection to find properties with, what nobody seems to
/// use is left out, and what would be compiled at run time is interpreted.
/// </summary>
public sealed class NativeProgramTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    private static readonly string s_program = Path.Combine(
        AppContext.BaseDirectory, "../../../native/publish/GatewayOS.Cli/release/gatewayctl");

    [Fact]
    public async Task What_it_compiles_is_the_same()
    {
        string[] command = ["compile", "--sb", network.Remote, "--chassis", "gw1", "--ports", network.PortsFile, "--json"];
        Assert.Equal(WithoutMeasures(await HereAsync(command, "")), WithoutMeasures(await NativeAsync(command, "")));

        static string WithoutMeasures(string report)
        {
            var parts = JsonNode.Parse(report)!.AsObject();
            Assert.True(parts.Remove("seconds") && parts.Remove("peakRssKiB"));
            return parts.ToJsonString();
        }
    }

    [Theory]
    [InlineData("explain", "--flow", "src 172.16.0.100 dst 10.0.0.12 dport 80", "--json")]
    [InlineData("explain", "--flow", "src 172.16.0.100 dst 172.16.0.50 proto udp dport 53", "--all")]
    [InlineData("explain", "--flow", "inport == \"ln\" && ip4.src == 172.16.0.100 && ip4.dst == 10.0.0.12 && udp.dst == 9", "--json")]
    public async Task What_it_explains_is_the_same(params string[] words)
    {
        string[] command = [words[0], "--sb", network.Remote, "--chassis", "gw1", "--ports", network.PortsFile, .. words[1..]];
        Assert.Equal(await HereAsync(command, ""), await NativeAsync(command, ""));
    }

    [Fact]
    public async Task What_it_does_with_packets_is_the_same()
    {
        string[] command = ["replay", "--sb", network.Remote, "--chassis", "gw1", "--ports", network.PortsFile];
        var lines = string.Join('\n', Packets(new Dice(26)).Prepend("nonsense"));
        var answers = await NativeAsync(command, lines);
        Assert.Equal(await HereAsync(command, lines), answers);
        Assert.All(["\"forward\"", "\"drop\"", "\"punt\""], verdict => Assert.Contains($"\"verdict\":{verdict}", answers, StringComparison.Ordinal));
    }

    private IEnumerable<string> Packets(Dice dice)
    {
        for (var i = 0; i < 300; i++)
        {
            var frame = new TestFrame
            {
                EthDst = MacAddress.Parse(dice.OneOf(RoutedNetwork.RouterOutside, RoutedNetwork.RouterInside)),
                EthSrc = MacAddress.Parse(RoutedNetwork.External),
                Src = IPAddress.Parse(dice.OneOf("172.16.0.100", "10.0.0.11", "10.0.0.12")),
                Dst = IPAddress.Parse(dice.OneOf("172.16.0.100", "10.0.0.11", "10.0.0.12", "172.16.0.1", "172.16.0.50")),
                Proto = dice.OneOf(TestFrame.Tcp, TestFrame.Udp, TestFrame.Icmp),
                Ttl = (byte)dice.OneOf(1, 2, 64),
            };
            yield return dice.Percent(50)
                ? RoutedNetwork.Line("ext0", frame with { Vlan = dice.Percent(90) ? (ushort)100 : (ushort)7 })
                : RoutedNetwork.Line("uplink0", frame with { Tunnel = network.Tunnel("ls0", dice.OneOf("vm1", "vm2"), "ls0-lr", toGateway: true) });
        }
    }

    private static async Task<string> HereAsync(string[] command, string input)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await CommandTree.RunAsync(command, () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)), output, error, TestContext.Current.CancellationToken);
        Assert.Equal("", error.ToString());
        return output.ToString();
    }

    private static async Task<string> NativeAsync(string[] command, string input)
    {
        Assert.SkipUnless(File.Exists(s_program), $"{s_program} is not there (make native)");
        using var process = Process.Start(new ProcessStartInfo(s_program, command) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Assert.Equal("", await error);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output;
    }
}
