using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests;

public sealed class CentralNodeTests
{
    [Theory]
    [InlineData("ls-add public", "ls-add|public")]
    [InlineData("  lsp-add  a   b ", "lsp-add|a|b")]
    [InlineData("acl-add s to-lport 1 'ip4 && tcp' drop", "acl-add|s|to-lport|1|ip4 && tcp|drop")]
    [InlineData("lsp-set-addresses p ''", "lsp-set-addresses|p|")]
    public void A_line_is_split_into_the_words_of_a_command(string line, string words) =>
        Assert.Equal(words.Split('|'), CentralNode.Words(line));
}
