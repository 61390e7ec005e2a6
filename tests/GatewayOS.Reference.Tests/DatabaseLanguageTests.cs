using System.Text.RegularExpressions;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Tests.Peers;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Reference.Tests;

/// <summary>Every flow of every real database of shared/corpus, on every datapath, with the sets that it really names.</summary>
public sealed partial class DatabaseLanguageTests(ITestOutputHelper output)
{
    private const int Patience = 10_000;

    [Fact]
    public async Task Every_flow_parses_as_in_ovn_trace_and_prints_back_to_an_equal_tree()
    {
        Assert.SkipUnless(Corpora.Exist, Corpora.Absent);
        Assert.SkipWhen(Programs.Missing.Count > 0, $"not installed: {string.Join(' ', Programs.Missing)}");
        foreach (var name in Corpora.Names)
        {
            using var server = Corpora.Serve(name);
            var southbound = await Southbound.LoadAsync(Remote.ParseList(server.Remote), cancellationToken: TestContext.Current.CancellationToken);
            var own = Programs.LanguageOf(southbound);
            Assert.NotEqual(LanguageVersion.Any, own);
            foreach (var language in new[] { LanguageVersion.Any, own })
            {
                var refused = Check(southbound, language);
                output.WriteLine($"{name} as {language}: {southbound.LogicalFlows.Count} flows, refused:\n{string.Join('\n', refused)}");
                if (language == Programs.Language)
                {
                    Assert.Equal(RefusedByOvnTrace(southbound, server.Remote), refused);
                }
                else
                {
                    Assert.All(refused, flow => Assert.EndsWith("Syntax error at `drop' expecting action.)", flow, StringComparison.Ordinal));
                }
            }
        }
    }

    // What is refused, in the words of ovn-trace's log.
    private static SortedSet<string> Check(Southbound southbound, LanguageVersion language)
    {
        var network = new ReferenceNetwork(southbound, version: language);
        var parser = new LogicalFlowParser(language);
        var translatingParser = new LogicalFlowParser(SymbolTable.For(language).AclTranslation);
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        var isChecked = new HashSet<(string Match, string Actions, bool IsIngress, int Table, bool HasSets, Guid Datapath)>();
        foreach (var (flow, datapath, variables) in FlowsOn(southbound, network))
        {
            // Only with sets does it matter on which datapath a flow is.
            var hasSets = flow.Match.AsSpan().ContainsAny('@', '$');
            if (!isChecked.Add((flow.Match, flow.Actions, flow.IsIngress, flow.TableId, hasSets, hasSets ? datapath.Row.Uuid : Guid.Empty)))
            {
                continue;
            }

            if (TemplateText.Expand(flow.Match, variables) is not { } matchText || TemplateText.Expand(flow.Actions, variables) is not { } actionsText)
            {
                continue;
            }

            var matchParser = flow.AsksConnectionForPorts ? translatingParser : parser;
            var match = matchParser.ParseMatch(matchText, network.SetsOf(datapath));
            var context = ActionContext.For(language, flow.IsIngress ? Pipeline.Ingress : Pipeline.Egress, flow.TableId);
            var actions = parser.ParseActions(actionsText, context);
            if (match.Error is { } error)
            {
                refused.Add($"{matchText}: parsing expression failed ({error.Message})");
            }
            else if (actions.Error is { } actionError)
            {
                refused.Add($"{actionsText}: parsing actions failed ({actionError.Message})");
            }
            else
            {
                var symbolic = matchParser.ParseMatch(matchText).Match!;
                Assert.Equal(symbolic, matchParser.ParseMatch(symbolic.ToString()).Match);
                Assert.Equal(match.Match, SetExpansion.Expand(symbolic, network.SetsOf(datapath)).Match);
                Assert.Equal(match.Match, matchParser.ParseMatch(match.Match!.ToString()).Match);
                var again = parser.ParseActions(ActionFormatter.Format(actions.Actions, context, language), context);
                Assert.Equal((actions.Actions, actions.Prerequisites, null), (again.Actions, again.Prerequisites, again.Error));
            }
        }

        return refused;
    }

    // As each chassis with template variables sees them, or as one without.
    private static IEnumerable<(LogicalFlow Flow, ReferenceDatapath Datapath, TextMap Variables)> FlowsOn(Southbound southbound, ReferenceNetwork network)
    {
        var datapaths = network.Datapaths.ToDictionary(datapath => datapath.Row.Uuid);
        foreach (var flow in southbound.LogicalFlows)
        {
            foreach (var datapath in flow.LogicalDatapath is { } only ? [only] : southbound.LogicalDpGroups.Find(flow.LogicalDpGroup)!.Datapaths)
            {
                if (!flow.Match.Contains('^', StringComparison.Ordinal) && !flow.Actions.Contains('^', StringComparison.Ordinal))
                {
                    yield return (flow, datapaths[datapath], TextMap.Empty);
                    continue;
                }

                foreach (var row in southbound.ChassisTemplateVars)
                {
                    yield return (flow, datapaths[datapath], row.Variables);
                }
            }
        }
    }

    // It reads all flows before it refuses the question, and does not know template variables.
    private static SortedSet<string> RefusedByOvnTrace(Southbound southbound, string remote)
    {
        var variables = southbound.LogicalFlows.SelectMany(flow => new[] { flow.Match, flow.Actions }).Where(text => text.Contains('^', StringComparison.Ordinal)).ToHashSet();
        using var process = Programs.Start("ovn-trace", $"--db={remote}", "-vfile:off", "-vsyslog:off", "-vconsole:warn", "-vPATTERN:console:%m", "none", "ip4");
        var log = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new SortedSet<string>(
            Refusal().Matches(log).Where(match => !variables.Contains(match.Groups["text"].Value)).Select(match => match.Value), StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(?<text>.*): parsing (expression|actions) failed \(.*\)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Refusal();
}
