using GatewayOS.Control.Ports;
using GatewayOS.Core;
using Xunit;

namespace GatewayOS.Control.Tests.Ports;

public sealed class PortsFileReaderTests
{
    [Fact]
    public void A_file_names_the_attachment_of_each_port_and_the_neighbours_of_the_tunnels()
    {
        var file = PortsFileReader.Read("""
            {"ports": [{"name": "uplink0", "device": 1, "kind": "physical", "network": "physnet1", "localMacs": ["02:00:00:00:00:09"]},
                       {"name": "vm1", "device": 2, "kind": "vif", "ifaceId": "lsp1", "mtu": 9000}],
             "tunnel": {"port": "uplink0", "localIp": "172.31.0.1", "neighbors": [{"ip": "172.31.0.2", "mac": "02:00:00:31:00:02"}, {"ip": "172.31.0.3"}]}}
            """);
        Assert.Equal(
            [
                new(1, "uplink0", ["physnet1"], null, 1500, [MacAddress.Parse("02:00:00:00:00:09")]),
                new(2, "vm1", [], "lsp1", 9000, []),
            ],
            file.View.Ports);
        Assert.Equal(
            [
                new(0xac1f0002, 0xac1f0001, 1, null, MacAddress.Parse("02:00:00:31:00:02"), 1500),
                new(0xac1f0003, 0xac1f0001, 1, null, null, 1500),
            ],
            file.View.Tunnels);
        Assert.Equal(2, file.NumberOf["vm1"]);
        Assert.Equal("uplink0", file.NameOf(1));
    }

    [Theory]
    [InlineData("nonsense", "it is not JSON")]
    [InlineData("[]", "$ is []: write an object: { ... }")]
    [InlineData("{}", "$.ports is missing: write a list: [ ... ]")]
    [InlineData("""{"ports": []}""", "$.ports is empty: give at least one port")]
    [InlineData("""{"ports": [7]}""", "$.ports[0] is 7: write an object: { ... }")]
    [InlineData("""{"ports": [{"name": "a", "device": 255, "kind": "physical"}]}""", "$.ports[0].device is 255: write a number from 1 to 254")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "tap"}]}""", "$.ports[0].kind is 'tap': write \"physical\" or \"vif\"")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "vif"}]}""", "$.ports[0].ifaceId is missing: add it as a string")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "physical"}, {"name": "a", "device": 2, "kind": "physical"}]}""",
        "$.ports has two ports named 'a': give each its own name")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "physical"}, {"name": "b", "device": 1, "kind": "physical"}]}""",
        "$.ports has two ports with device 1: give each its own number")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "physical"}], "tunnel": {"port": "b", "localIp": "1.2.3.4"}}""",
        "$.tunnel.port is 'b': name one of $.ports")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "physical"}], "tunnel": {"port": "a", "localIp": "fd00::1"}}""",
        "$.tunnel.localIp is 'fd00::1': write an IPv4 address such as 172.31.0.1")]
    [InlineData("""{"ports": [{"name": "a", "device": 1, "kind": "physical"}], "tunnel": {"port": "a", "localIp": "1.2.3.4", "neighbors": [{"ip": "1.2.3.5", "mac": "x"}]}}""",
        "$.tunnel.neighbors[0].mac is 'x': write a MAC address such as 02:00:00:00:00:01")]
    public void A_wrong_file_is_refused_with_the_place_the_value_and_the_remedy(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<FormatException>(() => PortsFileReader.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(
        ["$.ports[0].name is 1: write a string", "$.ports[0].device is missing: write a number from 1 to 254", "$.ports[0].kind is missing: add it as a string"],
        Assert.Throws<FormatException>(() => PortsFileReader.Read("""{"ports": [{"name": 1}]}""")).Message.Split('\n'));
}
