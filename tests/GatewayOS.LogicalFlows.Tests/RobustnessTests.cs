using CsCheck;
using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class RobustnessTests
{
    private static readonly ActionContext s_context = new(Pipeline.Ingress, 10);

    private static readonly string[] s_pieces =
    [
        "(", ")", "{", "}", "[", "]", "==", "!=", "<", "<=", ">=", "!", "&&", "||", "..", ",", ";", "=", "<->", "--", ":", "-", "$set1", "@pg1",
        "^T", "\"s\"", "\"", "\\", "1", "0x1", "0xfffffffffffffffffffffffffffffffffffff", "1.2.3.4/8", "::1", "ip4", "reg0", "inport", "/", "/* c */",
        "// x", "&", "|", ".", "é", "\0", "\ud800", "next", "ct_commit", "clone", "select(", "put_dhcp_opts(", "offerip", "\t", "\n",
    ];

    [Fact]
    public void Any_text_gives_a_tree_or_an_error_in_it_and_never_an_exception() => Gen.String.Sample(Check, iter: 20_000);

    [Fact]
    public void Any_sequence_of_tokens_gives_a_tree_or_an_error_in_it_and_never_an_exception() =>
        OneOf.Values(s_pieces).Array[0, 12].Select(pieces => string.Join(' ', pieces)).Sample(Check, iter: 50_000);

    [Fact]
    public void Damaged_real_text_gives_a_tree_or_an_error_in_it_and_never_an_exception()
    {
        var texts = Samples.Flows("ovn-kubernetes-25.03").SelectMany(flow => new[] { flow.Match, flow.Actions })
            .Concat(GoldenFile.Read("actions.golden").Select(item => item.Input))
            .Distinct().ToArray();
        Gen.Select(OneOf.Values(texts), Gen.Int[0, 400], Gen.Int[0, 8], OneOf.Values(s_pieces))
            .Select((text, position, length, piece) =>
            {
                var at = position % (text.Length + 1);
                return text[..at] + piece + text[Math.Min(text.Length, at + length)..];
            })
            .Sample(Check, iter: 50_000);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_does_not_exhaust_the_stack()
    {
        const int Depth = 100_000;
        Check(string.Concat(Enumerable.Repeat("(", Depth)) + "ip4");
        Check(string.Concat(Enumerable.Repeat("!(", Depth)) + "ip4");
        Check(string.Concat(Enumerable.Repeat("clone { ", Depth)));
    }

    [Theory]
    [InlineData("ip4 && tcp.dst = 80", 15, 1)]
    [InlineData("ip4 && nosuch", 7, 6)]
    [InlineData("ip4 &&", 6, 0)]
    [InlineData("tcp.dst == 0xg", 11, 3)]
    public void Errors_point_at_the_token(string match, int start, int length)
    {
        var error = new LogicalFlowParser().ParseMatch(match).Error!;
        Assert.Equal((start, length), (error.Start, error.Length));
    }

    private static void Check(string text)
    {
        var parser = new LogicalFlowParser();
        var match = parser.ParseMatch(text);
        Assert.NotEqual(match.Match is null, match.Error is null);
        var expanded = match.Match is null ? match : SetExpansion.Expand(match.Match, Samples.Sets);
        if (expanded.Match is not null)
        {
            Simplification.Simplify(Annotation.Annotate(expanded.Match));
        }

        var actions = parser.ParseActions(text, s_context);
        if (actions.Error is null)
        {
            ActionFormatter.Format(actions.Actions, s_context);
        }

        foreach (var error in new[] { match.Error, actions.Error })
        {
            Assert.True(error is null || (error.Start >= 0 && error.Length >= 0 && error.Start + error.Length <= text.Length), error?.ToString());
        }
    }
}
