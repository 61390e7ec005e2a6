using System.Reflection;
using Xunit;

namespace GatewayOS.LogicalFlows.Tests;

public sealed class ActionCatalogueTests
{
    [Fact]
    public void Every_action_is_classified_once_in_the_order_of_its_kind() =>
        Assert.Equal(Enum.GetValues<ActionKind>(), ActionCatalogue.All.Select(action => action.Kind));

    [Fact]
    public void The_newest_OVN_has_82_actions() => Assert.Equal(82, ActionCatalogue.All.Count(action => action.IsInNewest));

    [Fact]
    public void The_README_has_the_same_table()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "README.md"))
            .SkipWhile(line => line != "| action | class | OVN 23.03 | newest OVN |")
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(ActionCatalogue.All.Select(Row), rows);

        static string Row(ActionDescription action) =>
            $"| `{action.Verb}` | {action.Class} | {(action.IsInOvn2303 ? "yes" : "no")} | {(action.IsInNewest ? "yes" : "no")} |";
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
    public void Every_shape_of_action_is_sealed()
    {
        var shapes = typeof(ActionNode).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSubclassOf(typeof(ActionNode))).ToArray();
        Assert.NotEmpty(shapes);
        Assert.All(shapes, shape => Assert.True(shape.IsSealed));
    }
}
