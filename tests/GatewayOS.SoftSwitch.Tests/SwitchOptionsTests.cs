namespace GatewayOS.SoftSwitch.Tests;

public sealed class SwitchOptionsTests
{
    [Fact]
    public void The_command_line_of_simple_switch_grpc_is_understood()
    {
        var options = SwitchOptions.Parse(["-i", "1@veth0", "-i", "257@veth1", "--grpc-server-addr", "127.0.0.1:9000", "--device-id", "7", "--cpu-port", "510", "p.json"]);

        Assert.Equal("veth1", options.Ports[257]);
        Assert.Equal(("127.0.0.1:9000", 7UL, 510, "p.json"), (options.Address, options.DeviceId, options.CpuPort, options.Program));
    }

    [Theory]
    [InlineData("'veth0' is no PORT@INTERFACE", "-i", "veth0")]
    [InlineData("--interface: '512' is not a number from 0 to 510", "-i", "512@veth0")]
    [InlineData("port 1 is given twice", "-i", "1@a", "-i", "1@b")]
    [InlineData("unknown option --verbose", "--verbose")]
    [InlineData("--device-id needs a value", "--device-id")]
    [InlineData("--no-p4 excludes a program", "--no-p4", "p.json")]
    [InlineData("a second program: q.json", "p.json", "q.json")]
    public void A_wrong_command_line_is_refused_with_the_reason(string reason, params string[] arguments) =>
        Assert.Equal(reason, Assert.Throws<FormatException>(() => SwitchOptions.Parse(arguments)).Message);
}
