using Xunit;

namespace GatewayOS.Ovsdb.Tests;

public sealed class RemoteTests
{
    [Theory]
    [InlineData("unix:/run/ovn/ovnsb_db.sock", "unix:/run/ovn/ovnsb_db.sock")]
    [InlineData("unix:a:b", "unix:a:b")]
    [InlineData("tcp:10.0.0.1:6642", "tcp:10.0.0.1:6642")]
    [InlineData("tcp:10.0.0.1", "tcp:10.0.0.1:6640")]
    [InlineData("tcp:[fd00::1]:6642", "tcp:[fd00::1]:6642")]
    [InlineData("tcp:[fd00::1]", "tcp:[fd00::1]:6640")]
    [InlineData("ssl:db.example:6642", "ssl:db.example:6642")]
    public void A_remote_is_read_and_printed(string text, string canonical) => Assert.Equal(canonical, Remote.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("tcp:")]
    [InlineData("tcp:host:")]
    [InlineData("tcp:host:0")]
    [InlineData("tcp:host:65536")]
    [InlineData("tcp:host:66x")]
    [InlineData("tcp:[fd00::1]6642")]
    [InlineData("udp:10.0.0.1:6642")]
    [InlineData("punix:/run/x.sock")]
    [InlineData("/run/x.sock")]
    public void What_is_no_remote_is_refused_with_the_forms_that_are(string text) =>
        Assert.Contains("tcp:HOST:PORT", Assert.Throws<FormatException>(() => Remote.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_list_is_separated_by_commas()
    {
        Assert.Equal(["tcp:a:1", "ssl:b:2"], Remote.ParseList("tcp:a:1, ssl:b:2,").Select(remote => remote.ToString()));
        Assert.Throws<FormatException>(() => Remote.ParseList(" , "));
    }
}
