using System.Text;
using Xunit;

namespace GatewayOS.Cli.Tests;

public sealed class LflowCommandTests
{
    [Theory]
    [InlineData("match eth.type==0x800", "ok\teth.type == 0x800")]
    [InlineData("match 1 < vlan.pcp < 4", "ok\tvlan.pcp > 0x1 && vlan.pcp < 0x4")]
    [InlineData("match ip4.src == $web", "ok\tip4.src == 0xa000001 || ip4.src == 0xa000002")]
    [InlineData("match inport == @vms", "ok\tinport == \"p\" || inport == \"q\"")]
    [InlineData("match ip4.src == $other", "error\tSyntax error at `$other' expecting address set name.")]
    [InlineData("match ip4.src ==", "error\tSyntax error at end of input expecting constant.")]
    [InlineData("actions next(11);", "ok\tnext;")]
    [InlineData("actions next( 13 ) ;drop;", "error\tSyntax error at `drop' expecting action.")]
    [InlineData("actions ip.ttl--;output;", "ok\tip.ttl--; output;")]
    [InlineData("flows 1", "error\ta line is `match TEXT` or `actions TEXT`")]
    public async Task A_line_is_answered_in_the_words_of_ovn(string line, string answer) =>
        Assert.Equal([answer], await CheckAsync([line], "--address-set", "web=10.0.0.1,10.0.0.2", "--port-group", "vms=p,q"));

    [Fact]
    public async Task Annotation_adds_prerequisites() =>
        Assert.Equal(["ok\ttcp.dst == 0x50 && ip.proto == 0x6 && (eth.type == 0x800 || eth.type == 0x86dd)"], await CheckAsync(["match tcp.dst == 80"], "--annotate"));

    [Theory]
    [InlineData("22.03", "error\tSyntax error at `push' expecting action.", "ok\tct_label.blocked", "ok\tct_next;")]
    [InlineData("23.03", "ok\tpush(reg0);", "ok\tct_label.blocked", "ok\tct_next;")]
    [InlineData("newest", "ok\tpush(reg0);", "error\tSyntax error at `ct_label.blocked' expecting field name.", "ok\tct_next(dnat);")]
    [InlineData("any", "ok\tpush(reg0);", "ok\tct_label.blocked", "ok\tct_next(dnat);")]
    public async Task A_release_has_its_own_language(string version, params string[] answers) =>
        Assert.Equal(answers, await CheckAsync(["actions push(reg0);", "match ct_label.blocked", "actions ct_next;"], "--ovn-version", version));

    [Fact]
    public async Task Lines_are_answered_in_order() =>
        Assert.Equal(["ok\t1", "error\tSyntax error at end of input expecting constant.", "ok\t0"], await CheckAsync(["match 1", "match ", "match 0"]));

    private static async Task<string[]> CheckAsync(string[] lines, params string[] options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        var code = await CommandTree.RunAsync(
            ["lflow", "check", .. options],
            () => new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")), output, error, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (code, error.ToString()));
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
