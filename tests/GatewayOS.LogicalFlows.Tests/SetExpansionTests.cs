using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class SetExpansionTests
{
    private static readonly LogicalFlowParser s_parser = new();

    [Theory]
    [InlineData("ip4.src == $nope", "Syntax error at `$nope' expecting address set name.")]
    [InlineData("ip4 && inport == @nope", "Syntax error at `@nope' expecting port group name.")]
    [InlineData("tcp.src == $set1", "32-bit constant is not compatible with 16-bit field tcp.src.")]
    public void Sets_that_are_missing_or_do_not_fit_are_errors_early_and_late(string text, string expected)
    {
        Assert.Equal(expected, s_parser.ParseMatch(text, Samples.Sets).Error!.Message);
        Assert.Equal(expected, SetExpansion.Expand(s_parser.ParseMatch(text).Match!, Samples.Sets).Error!.Message);
    }

    [Fact]
    public void The_expansion_of_a_whole_set_remembers_its_name_through_annotation()
    {
        var match = Annotation.Annotate(s_parser.ParseMatch("ip4.src == $set1 && tcp", Samples.Sets).Match!);
        var and = Assert.IsType<Expr.And>(match);
        Assert.Contains(and.Operands, operand => operand is Expr.Or { SetName: "$set1", Operands.Count: 3 });
    }

    [Fact]
    public void Symbolic_sets_can_be_annotated_before_they_are_expanded()
    {
        var symbolic = Annotation.Annotate(s_parser.ParseMatch("reg0 == $set1 || ip4.src != $set1").Match!);
        Assert.Equal("xxreg0[96..127] == $set1 || (ip4.src != $set1 && eth.type == 0x800)", symbolic.ToString());
    }

    [Fact]
    public void Items_of_an_address_set_come_in_OVNs_order_without_what_is_no_number()
    {
        var items = AddressSetItems.Parse(["10.0.0.2", "bad", "10.0.0.0/8", "::1", "10.0.0.0", "10.0.0.0/16"]);
        Assert.Equal(
            [(UInt128)1, 0x0a000000, 0x0a000000, 0x0a000000, 0x0a000002],
            items.Select(item => item.Value));
        Assert.Equal([null, 0xff000000, (UInt128)0xffff0000, null, null], items.Select(item => item.Mask));
    }
}
