using System.Reflection;
using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class ActionCatalogueTests
{
    [Fact]
    public void Every_action_is_classified_once_in_the_order_of_its_kind() =>
        Assert.Equal(Enum.GetValues<ActionKind>(), ActionCatalogue.All.Select(action => action.Kind));

    // N_OVNACTS of each release, which ovn-northd also writes into SB_Global's option northd_internal_version.
    [Theory]
    [InlineData(LanguageVersion.Ovn2203, 58)]
    [InlineData(LanguageVersion.Ovn2206, 63)]
    [InlineData(LanguageVersion.Ovn2209, 66)]
    [InlineData(LanguageVersion.Ovn2212, 70)]
    [InlineData(LanguageVersion.Ovn2303, 70)]
    [InlineData(LanguageVersion.Ovn2309, 71)]
    [InlineData(LanguageVersion.Ovn2403, 71)]
    [InlineData(LanguageVersion.Ovn2409, 73)]
    [InlineData(LanguageVersion.Ovn2503, 77)]
    [InlineData(LanguageVersion.Ovn2509, 81)]
    [InlineData(LanguageVersion.Ovn2603, 82)]
    [InlineData(LanguageVersion.Newest, 82)]
    public void Each_release_has_as_many_actions_as_it_says(LanguageVersion version, int count) =>
        Assert.Equal(count, ActionCatalogue.All.Count(action => action.IsIn(version)));

    [Fact]
    public void The_README_has_the_same_table()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "README.md"))
            .SkipWhile(line => line != "| action | class | since | dropped in |")
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(ActionCatalogue.All.Select(Row), rows);

        static string Row(ActionDescription action) =>
            $"| `{action.Verb}` | {action.Class} | {action.First.ToText()} | {action.Dropped?.ToText()} |";
    }

    [Fact]
    public void Every_kind_of_action_occurs_in_the_golden_file()
    {
        var parser = new LogicalFlowParser();
        var seen = new HashSet<ActionKind>();
        foreach (var (input, _) in GoldenFile.Read("actions.golden"))
        {
            Collect(parser.ParseActions(input, new ActionContext(Pipeline.Ingress, 10)).Actions);
        }

        Assert.Equal(Enum.GetValues<ActionKind>(), seen.Order());

        void Collect(IEnumerable<ActionNode> actions)
        {
            foreach (var action in actions)
            {
                seen.Add(action.Kind);
                Collect((action as ActionNode.Nested)?.Actions ?? []);
            }
        }
    }

    [Fact]
    public void A_release_accepts_the_actions_that_it_has_and_no_others()
    {
        var newest = new LogicalFlowParser();
        foreach (var version in Enum.GetValues<LanguageVersion>())
        {
            var parser = new LogicalFlowParser(version);
            var context = ActionContext.For(version, Pipeline.Ingress, 10);
            foreach (var (input, _) in GoldenFile.Read("actions.golden"))
            {
                var kinds = Kinds(newest.ParseActions(input, new ActionContext(Pipeline.Ingress, 10)).Actions).ToHashSet();
                Assert.True(
                    parser.ParseActions(input, context).Error is not null || kinds.All(kind => ActionCatalogue.Of(kind).IsIn(version)),
                    $"{version.ToText()}: {input}");
            }
        }

        static IEnumerable<ActionKind> Kinds(IEnumerable<ActionNode> actions) =>
            actions.SelectMany(action => Kinds((action as ActionNode.Nested)?.Actions ?? []).Prepend(action.Kind));
    }

    [Fact]
    public void Every_shape_of_action_is_sealed()
    {
        var shapes = typeof(ActionNode).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(typeof(ActionNode))).ToArray();
        Assert.NotEmpty(shapes);
        Assert.All(shapes, shape => Assert.True(shape.IsSealed));
    }
}
