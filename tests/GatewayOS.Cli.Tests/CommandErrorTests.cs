using Xunit;

namespace GatewayOS.Cli.Tests;

public sealed class CommandErrorTests
{
    [Theory]
    [InlineData("compile --sb unix:/nowhere/db.sock --chassis gw1", "cannot connect to unix:/nowhere/db.sock")]
    [InlineData("compile --sb nonsense --chassis gw1", "'nonsense' is not an OVSDB remote; write unix:FILE, tcp:HOST:PORT or ssl:HOST:PORT")]
    [InlineData("compile --sb unix:/nowhere --chassis gw1 --ports /nowhere.json", "the ports file /nowhere.json cannot be read")]
    [InlineData("compile --sb ssl:127.0.0.1:1 --chassis gw1 --private-key k.pem", "--private-key, --certificate and --ca-cert belong together: give all three")]
    [InlineData("status --socket /nowhere.sock", "no agent answers at /nowhere.sock")]
    [InlineData("explain --sb unix:/nowhere --flow tcp", "--sb, --chassis and --ports belong together: give all three")]
    [InlineData("explain --socket /nowhere.sock --flow tcp", "no agent answers at /nowhere.sock")]
    [InlineData("punts --socket /nowhere.sock", "no agent answers at /nowhere.sock")]
    [InlineData("lflow-stats --socket /nowhere.sock --acl", "no agent answers at /nowhere.sock")]
    [InlineData("entries --config /nowhere.toml", "the configuration file /nowhere.toml cannot be read")]
    public async Task A_command_that_fails_says_why_in_one_line_and_exits_with_1(string line, string message)
    {
        var error = new StringWriter();
        var code = await CommandTree.RunAsync(line.Split(' '), () => Stream.Null, TextWriter.Null, error, TestContext.Current.CancellationToken);
        Assert.Equal(1, code);
        Assert.StartsWith($"gatewayctl: {message}", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
