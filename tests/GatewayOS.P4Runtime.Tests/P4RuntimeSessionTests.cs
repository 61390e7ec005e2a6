using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GatewayOS.P4Runtime.Tests;

public sealed class P4RuntimeSessionTests
{
    [Theory]
    [InlineData("unix:/nonexistent/p4rt.sock", "there is no such socket, so the daemon is not running")]
    [InlineData("127.0.0.1:1", "Connection refused")]
    public async Task A_device_that_does_not_answer_is_named_with_a_remedy(string remote, string problem)
    {
        var failure = await Assert.ThrowsAsync<P4RuntimeException>(() => ConnectAsync(remote));
        Assert.Equal((P4RuntimeFault.Unreachable, remote), (failure.Fault, failure.Remote));
        Assert.StartsWith(remote, failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(failure.Remedy, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:port")]
    [InlineData("127.0.0.1:9559/path")]
    public async Task An_address_of_another_form_is_refused(string remote)
    {
        Assert.Contains("neither", (await Assert.ThrowsAsync<FormatException>(() => ConnectAsync(remote))).Message, StringComparison.Ordinal);
    }

    private static Task<P4RuntimeSession> ConnectAsync(string remote) => P4RuntimeSession.ConnectAsync(
        remote, 0, 1, P4RuntimeSession.UsualPatience, NullLogger<P4RuntimeSession>.Instance, TestContext.Current.CancellationToken);
}
