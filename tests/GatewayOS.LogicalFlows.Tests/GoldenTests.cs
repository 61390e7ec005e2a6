using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

/// <summary>Real OVN's answers, which the golden files hold, against ours.</summary>
public sealed class GoldenTests
{
    private static readonly ActionContext s_context = new(Pipeline.Ingress, 10);

    [Fact]
    public void Matches_parse_annotate_and_simplify_as_in_OVN() => Check("matches.golden", AnswerToMatch);

    [Fact]
    public void Actions_parse_as_in_OVN() => Check("actions.golden", AnswerToActions);

    [Fact]
    public void Symbolic_sets_expand_to_what_OVN_parses()
    {
        var parser = new LogicalFlowParser(LanguageVersion.Newest);
        foreach (var (input, expected) in GoldenFile.Read("matches.golden"))
        {
            if (!expected[0].StartsWith("formats as ", StringComparison.Ordinal))
            {
                continue;
            }

            var symbolic = parser.ParseMatch(input).Match!;
            Assert.Equal(expected[0], "formats as " + SetExpansion.Expand(symbolic, Samples.Sets).Match);

            // A mask on a nominal field is written as a part of the field, which OVN does not read either.
            var again = parser.ParseMatch(symbolic.ToString());
            if (again.Error is not { } error || !error.Message.StartsWith("Cannot select subfield of nominal", StringComparison.Ordinal))
            {
                Assert.Equal(symbolic, again.Match);
            }
        }
    }

    private static void Check(string file, Func<string, IEnumerable<string>> answer)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var (input, expected) in GoldenFile.Read(file))
        {
            count++;
            var actual = answer(input).ToArray();
            if (!actual.SequenceEqual(expected))
            {
                wrong.Add($"{input}\n  expected: {string.Join("\n            ", expected)}\n  actual:   {string.Join("\n            ", actual)}");
            }
        }

        Assert.True(count > 900, $"only {count} cases in {file}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} differ:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static IEnumerable<string> AnswerToMatch(string input)
    {
        var result = new LogicalFlowParser(LanguageVersion.Newest).ParseMatch(input, Samples.Sets);
        if (result.Match is not { } match)
        {
            yield return $"error {result.Error}";
            yield break;
        }

        yield return $"formats as {match}";
        var annotated = Annotation.Annotate(match);
        yield return $"annotates as {annotated}";
        if (!input.Contains("is_chassis_resident", StringComparison.Ordinal))
        {
            yield return $"simplifies as {Simplification.Simplify(annotated)}";
        }
    }

    private static IEnumerable<string> AnswerToActions(string input)
    {
        var result = new LogicalFlowParser(LanguageVersion.Newest).ParseActions(input, s_context);
        if (result.Error is not null)
        {
            yield return $"error {result.Error}";
            yield break;
        }

        yield return $"formats as {ActionFormatter.Format(result.Actions, s_context)}";
        if (result.Prerequisites is not null)
        {
            yield return $"has prereqs {result.Prerequisites}";
        }
    }
}
