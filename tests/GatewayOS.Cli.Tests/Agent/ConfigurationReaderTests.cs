using GatewayOS.Agent;
using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Views;
using GatewayOS.Ovsdb;
using Xunit;

namespace GatewayOS.Cli.Tests.Agent;

public sealed class ConfigurationReaderTests
{
    private const string Smallest = """
        [device]
        address = "127.0.0.1:9559"
        [[port]]
        device = 1
        exception = "und0r"

        """;

    [Fact]
    public void What_the_file_leaves_out_has_its_documented_default()
    {
        var configuration = Read(Smallest);
        Assert.Equal("/run/gatewayos/control.sock", configuration.ControlSocket);
        Assert.Equal("info", configuration.LogLevel);
        Assert.Equal(new Remote.Unix("/run/openvswitch/db.sock"), configuration.Control.OpenVSwitch);
        Assert.Equal((1ul, 1ul, "127.0.0.1:9559"), (configuration.Control.DeviceId, configuration.Control.ElectionId, configuration.Control.DeviceAddress));
        Assert.Equal(PipelineArtefacts.Default, configuration.Control.Artefacts);
        Assert.Equal([new PortPair(1, "und0r")], configuration.Control.Pairs);
        Assert.Null(configuration.Control.Tls);
    }

    [Fact]
    public void Relative_paths_start_at_the_file() =>
        Assert.Equal("/etc/x/run/c.sock", ConfigurationReader.Read(Smallest + "[control]\nsocket = \"run/c.sock\"", "/etc/x").ControlSocket);

    [Fact]
    public void Every_key_can_be_given()
    {
        var configuration = Read("""
            [ovs]
            remote = "tcp:192.0.2.1:6640"
            [device]
            address = "unix:/run/switch.sock"
            id = 0
            election_id = 7
            [[port]]
            device = 254
            exception = "a"
            [[port]]
            device = 2
            exception = "b"
            [connections]
            offload = false
            limit = 5
            device_limit = 6
            rate = 7
            keep_alive = 8
            vswitchd = "v.ctl"
            stateless-floating-ips = true
            [log]
            level = "trace"
            """);
        Assert.Equal(new Remote.Tcp("192.0.2.1", 6640), configuration.Control.OpenVSwitch);
        Assert.Equal((0ul, 7ul, "unix:/run/switch.sock"), (configuration.Control.DeviceId, configuration.Control.ElectionId, configuration.Control.DeviceAddress));
        Assert.Equal([new(254, "a"), new(2, "b")], configuration.Control.Pairs);
        Assert.Equal("trace", configuration.LogLevel);
        Assert.True(configuration.Control.StatelessFloatingIps);
        var connections = configuration.Control.Connections;
        Assert.Equal((false, 5, 6, 7), (connections.IsEnabled, connections.Limit, connections.DeviceLimit, connections.Rate));
        Assert.Equal(TimeSpan.FromSeconds(8), connections.KeepAlive);
        Assert.EndsWith("v.ctl", connections.Vswitchd, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[device]\nadress = \"x:1\"", "device.adress = \"x:1\": there is no such key; remove it, or use address, config, election_id, id, p4info, timeout")]
    [InlineData("[devise]", "devise = a table: there is no such key; remove it, or use connections, control, device, log, ovs, port, ssl")]
    [InlineData("[connections]\noffload = 1", "connections.offload = 1: write true or false")]
    [InlineData("[connections]\nrate = 0", "connections.rate = 0: write a number from 1 to 2147483647")]
    [InlineData("[connections]\nvswitchd = \"\"", "connections.vswitchd = \"\": write the path of ovs-vswitchd's control socket")]
    [InlineData("", "device.address is missing: write HOST:PORT or unix:PATH")]
    [InlineData("[device]\naddress = \"nowhere\"", "device.address = \"nowhere\": write HOST:PORT or unix:PATH")]
    [InlineData("[device]\naddress = 7", "device.address = 7: write HOST:PORT or unix:PATH")]
    [InlineData("[device]\nid = -1", "device.id = -1: write a number of at least 0")]
    [InlineData("[device]\nelection_id = 0", "device.election_id = 0: write a number of at least 1")]
    [InlineData("[device]\nconfig = \"/nowhere.json\"", "device.config = \"/nowhere.json\": name the compiled program for the device")]
    [InlineData("[ovs]\nremote = \"db.sock\"", "ovs.remote = \"db.sock\": write unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT")]
    [InlineData("", "[[port]] is missing: add one for each front port of the device, with 'device' and 'exception'")]
    [InlineData("port = 1", "port = 1: write [[port]] above each")]
    [InlineData("[[port]]\ndevice = 255", "port[0].device = 255: write a number from 1 to 254")]
    [InlineData("[[port]]\nexception = \"a-name-that-is-too-long\"", "port[0].exception = \"a-name-that-is-too-long\": name the netdev that OVS has in its bridge for this port, up to 15 characters")]
    [InlineData("[[port]]\ndevice = 1\nexception = \"a\"\n[[port]]\ndevice = 1\nexception = \"b\"", "port[1].device = 1: give each port its own number")]
    [InlineData("[log]\nlevel = \"loud\"", "log.level = \"loud\": write trace, debug, info, warn or error")]
    [InlineData("[ssl]", "ssl.private_key is missing: name a PEM file")]
    public void A_wrong_key_is_told_with_its_value_and_the_remedy(string text, string problem) =>
        Assert.Contains(problem, Problems(text));

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(
        ["device.address is missing: write HOST:PORT or unix:PATH", "port[0].device is missing: write a number from 1 to 254",
         "port[0].exception is missing: name the netdev that OVS has in its bridge for this port, up to 15 characters",
         "log.level = 3: write trace, debug, info, warn or error"],
        Problems("[log]\nlevel = 3\n[[port]]"));

    [Fact]
    public void Text_that_is_not_toml_and_a_file_that_is_not_there_are_told()
    {
        Assert.StartsWith("the file = not TOML: (1,3) : error : ", Assert.Single(Problems("[[[")), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Assert.Single(Problems("x = [")), StringComparison.Ordinal);
        Assert.StartsWith("the file = not TOML: ", Assert.Single(Problems("d = \"x\\")), StringComparison.Ordinal);
        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => ConfigurationReader.ReadFile("/nowhere.toml")).Problems);
        Assert.StartsWith("--config = /nowhere.toml: name a readable file", problem.ToString(), StringComparison.Ordinal);
    }

    private static AgentConfiguration Read(string text) => ConfigurationReader.Read(text, "/");

    private static IEnumerable<string> Problems(string text) =>
        Assert.Throws<ConfigurationException>(() => Read(text)).Problems.Select(problem => problem.ToString());
}
