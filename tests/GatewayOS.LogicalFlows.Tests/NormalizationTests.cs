using CsCheck;
using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class NormalizationTests
{
    private static readonly LogicalFlowParser s_parser = new();

    [Theory]
    [InlineData("1", "true")]
    [InlineData("0", "")]
    [InlineData("ip4 && ip6", "")]
    [InlineData("reg0 == 5", "xxreg0:0x5000000000000000000000000/0xffffffff000000000000000000000000")]
    [InlineData("tcp.src == {1, 2, 3}", "tcp.src:0x2/0xfffe|0x1/0xffff & ip.proto:0x6/0xff & eth.type:0x800/0xffff|0x86dd/0xffff")]
    [InlineData("ip4 && 8000 <= tcp.dst <= 8099",
        "eth.type:0x800/0xffff & tcp.dst:0x1f40/0xffc0|0x1f80/0xffe0|0x1fa0/0xfffc & ip.proto:0x6/0xff")]
    [InlineData("ip4.src == $set1 && ip4.dst == $set1",
        "ip4.src:0xa000002/0xfffffffe|0xa000001/0xffffffff & eth.type:0x800/0xffff & ip4.dst:0xa000002/0xfffffffe|0xa000001/0xffffffff")]
    [InlineData("inport == @pg1 && outport == \"x\"", "inport:lsp1|lsp2|lsp3 & outport:x")]
    [InlineData("inport == {\"a\", \"b\"} && inport == {\"b\", \"c\"}", "inport:b")]
    [InlineData("is_chassis_resident(\"a\") && !is_chassis_resident(\"a\")", "")]
    [InlineData("reg0[0] || reg1[0]", "xxreg0:0x10000000000000000/0x10000000000000000|0x1000000000000000000000000/0x1000000000000000000000000")]
    [InlineData("reg0[0] || reg8[0]", "xxreg0:0x1000000000000000000000000/0x1000000000000000000000000 or xreg4:0x100000000/0x100000000")]
    public void Matches_become_conjunctions_of_cubes(string match, string expected) => Assert.Equal(expected, Write(match));

    [Fact]
    public void A_clause_remembers_the_set_it_is()
    {
        var match = Annotation.Annotate(s_parser.ParseMatch("ip4.src == $set1 && inport == @pg1", Samples.Sets).Match!);
        var clauses = Normalization.Normalize(match)!.Value[0].Clauses;
        Assert.Contains(clauses, clause => clause is Clause.Bits { SetName: "$set1" });
        Assert.Contains(clauses, clause => clause is Clause.Ports { SetName: "@pg1" });
    }

    [Fact]
    public void Ports_8000_to_8099_become_four_prefixes_and_not_a_hundred_values() =>
        Assert.Equal("eth.type:0x800/0xffff & tcp.dst:0x1f40/0xffc0|0x1f80/0xffe0|0x1fa0/0xfffc & ip.proto:0x6/0xff", Write("ip4 && 8000 <= tcp.dst <= 8099"));

    [Fact]
    public void A_product_of_address_sets_stays_one_conjunction_of_two_names()
    {
        const int Size = 1000;
        var sets = new NamedSets(new[] { "clients", "servers" }.Select((name, high) => KeyValuePair.Create(
            name, Enumerable.Range(0, Size).Select(low => $"10.{high}.{low / 100}.{(low % 100) * 2}"))), []);
        var symbolic = Annotation.Annotate(s_parser.ParseMatch("ip4.src == $clients && ip4.dst == $servers").Match!);
        Assert.Equal("ip4.src == $clients && eth.type == 0x800 && ip4.dst == $servers && eth.type == 0x800", symbolic.ToString());

        var expanded = SetExpansion.Expand(symbolic, sets).Match!;
        var clauses = Assert.Single(Normalization.Normalize(expanded)!.Value).Clauses.Cast<Clause.Bits>().ToList();
        Assert.Equal([("ip4.src", "$clients", Size), ("eth.type", null, 1), ("ip4.dst", "$servers", Size)], clauses.Select(clause => (clause.Root.Name, clause.SetName, clause.Cubes.Count)));
    }

    [Fact]
    public void What_would_multiply_beyond_the_limit_is_given_up()
    {
        var match = string.Join(" && ", Enumerable.Range(0, 8).Select(i => $"(reg{i}[0] || eth.src[{i}] || eth.dst[{i}])"));
        Assert.Null(Normalization.Normalize(s_parser.ParseMatch(match).Match!, limit: 100));
        Assert.NotNull(Normalization.Normalize(s_parser.ParseMatch(match).Match!, limit: 10_000));
    }

    [Fact]
    public void The_normal_form_is_true_exactly_when_the_match_is() =>
        MatchGenerator.Matches.Select(MatchGenerator.Facts).Sample(
            (match, facts) =>
            {
                var annotated = Annotation.Annotate(match);
                var expected = MatchEvaluator.IsTrue(annotated, facts);
                Assert.Equal(expected, MatchEvaluator.IsTrue(Simplification.Simplify(annotated), facts));
                if (Normalization.Normalize(annotated) is { } alternatives)
                {
                    Assert.Equal(expected, alternatives.Any(alternative => alternative.Clauses.All(clause => Holds(clause, facts))));
                }
            },
            iter: 20_000);

    [Fact]
    public void Matches_print_back_to_equal_trees() =>
        MatchGenerator.Matches.Sample(
            match => Assert.Equal(match, new LogicalFlowParser().ParseMatch(match.ToString()).Match),
            iter: 20_000);

    private static bool Holds(Clause clause, IMatchFacts facts) => clause switch
    {
        Clause.Bits bits => bits.Cubes.Any(cube => cube.Contains(facts.Read(bits.Root))),
        Clause.Ports ports => ports.Names.Contains(facts.ReadPort(ports.Root)),
        Clause.Resident resident => facts.IsResident(resident.Port) != resident.IsNegated,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Write(string text)
    {
        var match = Annotation.Annotate(s_parser.ParseMatch(text, Samples.Sets).Match!);
        return string.Join(" or ", Normalization.Normalize(match)!.Value.Select(Write));
    }

    private static string Write(Conjunction conjunction) =>
        conjunction.Clauses.Count == 0 ? "true" : string.Join(" & ", conjunction.Clauses.Select(Write));

    private static string Write(Clause clause) => clause switch
    {
        Clause.Bits bits => $"{bits.Root}:{string.Join('|', bits.Cubes.Select(cube => $"0x{cube.Value:x}/0x{cube.Mask:x}"))}",
        Clause.Ports ports => $"{ports.Root}:{string.Join('|', ports.Names)}",
        Clause.Resident resident => $"{(resident.IsNegated ? "!" : "")}resident:{resident.Port}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
