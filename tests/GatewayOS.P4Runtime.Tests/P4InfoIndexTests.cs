using System.Globalization;
using System.Text.RegularExpressions;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.P4Runtime.Tests;

public sealed class P4InfoIndexTests
{
    [Fact]
    public void The_tables_of_the_committed_program_have_the_shapes_of_GatewayOS_P4()
    {
        var program = TestPipeline.Gateway.Info.Shapes.ToDictionary(table => table.Name);
        Assert.Equal(Pipeline.Tables.Select(table => table.Name).Order(), program.Keys.Order());
        foreach (var table in Pipeline.Tables)
        {
            var (left, right) = (Sorted(table), Sorted(program[table.Name]));
            Assert.True(left == right, $"{left}\n{right}");
        }

        static TableShape Sorted(TableShape table) => table with { Actions = [.. table.Actions.Order()] };
    }

    [Fact]
    public void The_actions_of_the_committed_program_have_the_shapes_of_GatewayOS_P4()
    {
        Assert.Equal(
            Pipeline.Actions.Values.OrderBy(action => action.Name), TestPipeline.Gateway.Info.ActionShapes.OrderBy(action => action.Name));
    }

    [Fact]
    public void The_counters_have_names()
    {
        foreach (var name in new[] { CounterNames.Punts, CounterNames.Verdicts, CounterNames.Lost })
        {
            Assert.NotEqual(0u, TestPipeline.Gateway.Info.Counter(name));
        }
    }

    [Fact]
    public void Text_that_is_no_P4Info_is_refused()
    {
        Assert.Throws<FormatException>(() => P4InfoIndex.Parse("[]"));
        Assert.Throws<FormatException>(() => P4InfoIndex.Parse("{\"tables\": 5}"));
    }

    [Fact]
    public void The_punt_reasons_of_the_program_are_those_of_the_enumeration()
    {
        var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ids.p4"));
        var program = Regex.Matches(source, @"const reason_t REASON_(?<name>\w+)\s*=\s*(?<number>\d+);", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(match => (
                match.Groups["name"].Value.Replace("_", "", StringComparison.Ordinal),
                int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(
            Enum.GetValues<PuntReason>().Select(reason => (reason.ToString().ToUpperInvariant(), (int)reason)).Order(), program.Order());
        Assert.All(Enum.GetValues<PuntReason>(), reason => Assert.NotEqual("", PuntReasons.Describe(reason)));
    }
}
