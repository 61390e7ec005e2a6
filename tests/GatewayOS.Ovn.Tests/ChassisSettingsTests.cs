using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Ovn.Tests;

public sealed class ChassisSettingsTests
{
    [Fact]
    public void Nothing_set_means_the_defaults_of_ovn_controller()
    {
        var settings = new ChassisSettings(TextMap.Empty);
        Assert.Null(settings.SystemId);
        Assert.Null(settings.Remote);
        Assert.Null(settings.RemoteProbeInterval);
        Assert.Equal("br-int", settings.IntegrationBridge);
        Assert.Empty(settings.BridgeMappings);
        Assert.Empty(settings.EncapIps);
        Assert.True(settings.EncapCsum);
        Assert.False(settings.MonitorAll);
    }

    [Fact]
    public void A_key_with_the_chassis_name_wins_over_the_plain_one()
    {
        var settings = Settings(("system-id", "gw1"), ("ovn-remote", "tcp:a:1"), ("ovn-remote-gw1", "tcp:b:1"), ("ovn-bridge-gw2", "br-x"));
        Assert.Equal("tcp:b:1", settings.Remote);
        Assert.Equal("br-int", settings.IntegrationBridge);
    }

    [Theory]
    [InlineData("10.0.0.2,10.0.0.1", null, "10.0.0.1 10.0.0.2")]
    [InlineData("10.0.0.2,10.0.0.1,10.0.0.3", "10.0.0.3", "10.0.0.3 10.0.0.2 10.0.0.1")]
    [InlineData("10.0.0.2,10.0.0.1", "10.0.0.9", "10.0.0.1 10.0.0.2")]
    public void Encap_addresses_are_in_the_order_of_encap_ids(string addresses, string? standard, string expected)
    {
        var ids = TextMap.Of(("ovn-encap-ip", addresses), ("ovn-encap-ip-default", standard ?? ""));
        Assert.Equal(expected, string.Join(' ', new ChassisSettings(ids).EncapIps));
    }

    [Theory]
    [InlineData("physnet1:br-ex,physnet2:br-b", "physnet1=br-ex physnet2=br-b")]
    [InlineData("physnet1:br-ex,", "physnet1=br-ex")]
    [InlineData("physnet1,physnet2:br-b", "")]
    [InlineData("physnet1:br-ex,:br-b,c:d", "physnet1=br-ex")]
    [InlineData("", "")]
    public void Bridge_mappings_are_read_up_to_the_first_malformed_one(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Settings(("ovn-bridge-mappings", text)).BridgeMappings.Select(pair => $"{pair.Key}={pair.Value}")));

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    [InlineData("yes", false)]
    public void A_flag_that_is_off_by_default_is_on_only_when_true(string text, bool expected) =>
        Assert.Equal(expected, Settings(("ovn-monitor-all", text)).MonitorAll);

    [Theory]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("no", true)]
    public void A_flag_that_is_on_by_default_is_off_only_when_false(string text, bool expected) =>
        Assert.Equal(expected, Settings(("ovn-encap-csum", text)).EncapCsum);

    [Fact]
    public void A_probe_interval_is_in_milliseconds() =>
        Assert.Equal(TimeSpan.FromSeconds(60), Settings(("ovn-remote-probe-interval", "60000")).RemoteProbeInterval);

    [Fact]
    public void A_mac_mapping_is_a_network_and_a_mac() =>
        Assert.Equal("02:00:00:00:00:01", Settings(("ovn-chassis-mac-mappings", "physnet1:02:00:00:00:00:01")).MacMappings["physnet1"]);

    private static ChassisSettings Settings(params IEnumerable<(string Key, string Value)> ids) => new(TextMap.Of(ids));
}
