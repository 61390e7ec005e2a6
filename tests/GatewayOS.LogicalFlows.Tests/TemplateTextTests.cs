using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class TemplateTextTests
{
    private static readonly Dictionary<string, string> s_variables = new() { ["NODE"] = "10.0.0.1", ["LIST"] = "1.1.1.1, 2.2.2.2" };

    [Theory]
    [InlineData("ip4 && tcp", "ip4 && tcp")]
    [InlineData("ip4.dst == ^NODE", "ip4.dst==10.0.0.1")]
    [InlineData("reg1 = ^NODE; ct_lb_mark(backends=^LIST);", "reg1=10.0.0.1;ct_lb_mark(backends=1.1.1.1, 2.2.2.2);")]
    [InlineData("inport == \"^NODE\" && ip4.dst == ^NODE", "inport==\"^NODE\"&&ip4.dst==10.0.0.1")]
    [InlineData("ip4.dst == ^OTHER", null)]
    public void Variables_are_replaced_before_parsing(string text, string? expected) => Assert.Equal(expected, TemplateText.Expand(text, s_variables));
}
