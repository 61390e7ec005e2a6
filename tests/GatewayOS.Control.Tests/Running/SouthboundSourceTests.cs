using GatewayOS.Control.Running;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using Xunit;

namespace GatewayOS.Control.Tests.Running;

public sealed class SouthboundSourceTests
{
    private static readonly TlsFiles s_given = new("given-key", "given-cert", "given-ca");

    [Fact]
    public void All_is_read_from_the_external_ids_those_of_this_chassis_first()
    {
        var source = SouthboundSource.Of(
            Local([("system-id", "gw1"), ("ovn-remote", "ssl:192.0.2.1:6642"), ("ovn-monitor-all", "false"), ("ovn-monitor-all-gw1", "true")]), s_given);
        Assert.Equal(new SouthboundSource("ssl:192.0.2.1:6642", "gw1", true, s_given, null), source);
    }

    [Fact]
    public void The_ssl_table_comes_before_the_files_that_the_agent_was_given()
    {
        var set = new TlsSettings { Uuid = Guid.NewGuid(), PrivateKey = "key", Certificate = "cert", CaCert = "ca" };
        Assert.Equal(new TlsFiles("key", "cert", "ca"), SouthboundSource.Of(Local([], set), s_given).Tls);
        Assert.Equal(s_given, SouthboundSource.Of(Local([]), s_given).Tls);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("60000", 60000)]
    [InlineData("100", 1000)]
    [InlineData("0", 0)]
    public void The_probe_interval_is_that_of_ovn_controller(string? milliseconds, int? expected)
    {
        var source = SouthboundSource.Of(Local(milliseconds is null ? [] : [("ovn-remote-probe-interval", milliseconds)]), null);
        Assert.Equal(expected is { } number ? TimeSpan.FromMilliseconds(number) : null, source.Options.ProbeInterval);
    }

    private static LocalOpenVSwitch Local(IEnumerable<(string, string)> ids, TlsSettings? tls = null) => LocalOpenVSwitch.Empty with
    {
        OpenVSwitch = [new OpenVSwitchRow { Uuid = Guid.NewGuid(), ExternalIds = TextMap.Of(ids), Ssl = tls?.Uuid }],
        Tls = tls is null ? Table<TlsSettings>.Empty : [tls],
    };
}
