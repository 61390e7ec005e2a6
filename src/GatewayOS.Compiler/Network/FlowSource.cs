using System.Diagnostics;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>Parses logical flows, each text once for as long as this lives: northd repeats most of them, and most survive a change.</summary>
public sealed class FlowSource
{
    private readonly LogicalFlowParser _parser = new();
    private readonly LogicalFlowParser _translatingParser = new(SymbolTable.For(LanguageVersion.Any).AclTranslation);
    private readonly Dictionary<(string, bool IsTranslated), (Expr? Match, bool HasSets)> _matches = [];
    private readonly Dictionary<(string, Pipeline, int), (EquatableArray<ActionNode> Actions, Expr? Prerequisites)?> _actions = [];

    /// <summary>How long parsing has taken so far.</summary>
    public TimeSpan ParseTime { get; private set; }

    /// <summary>The flow as it applies to a datapath with these sets, or null if OVN would reject it.</summary>
    public PreparedFlow? Prepare(Ovn.Rows.LogicalFlow flow, Pipeline pipeline, INamedSets sets)
    {
        var started = Stopwatch.GetTimestamp();
        var prepared = Parse(flow, pipeline, sets);
        ParseTime += Stopwatch.GetElapsedTime(started);
        return prepared;
    }

    private PreparedFlow? Parse(Ovn.Rows.LogicalFlow flow, Pipeline pipeline, INamedSets sets)
    {
        if (Match(flow.Match, flow.AsksConnectionForPorts, sets) is not { } match || Actions(flow.Actions, pipeline, flow.TableId) is not var (actions, prerequisites))
        {
            return null;
        }

        // A flow applies only where its actions make sense (ovn-sb(5), Logical_Flow, actions).
        var both = prerequisites is null ? match : new Expr.And([match, Annotation.Annotate(prerequisites)]);
        return new PreparedFlow(flow.Uuid, flow.Priority, both, actions, new FlowText(flow.Match, flow.Actions)) { IsCounted = IsCounted(flow) };
    }

    // Stages ls_in_acl, ls_out_acl_eval, lr_in_policy ...; the hint is the northbound row's UUID, so that OVN's own defaults are none.
    private static bool IsCounted(Ovn.Rows.LogicalFlow flow) =>
        flow.ExternalIds.ContainsKey("stage-hint") && flow.ExternalIds.Find("stage-name") is { } stage
        && (stage.Contains("_acl", StringComparison.Ordinal) || stage.EndsWith("_policy", StringComparison.Ordinal));

    private Expr? Match(string text, bool isTranslated, INamedSets sets)
    {
        if (!_matches.TryGetValue((text, isTranslated), out var known))
        {
            var parsed = (isTranslated ? _translatingParser : _parser).ParseMatch(text).Match;
            known = parsed is null ? (null, false)
                : HasSets(parsed) ? (parsed, true)
                : (Annotation.Annotate(parsed), false);
            _matches.Add((text, isTranslated), known);
        }

        return !known.HasSets ? known.Match
            : SetExpansion.Expand(known.Match!, sets).Match is { } expanded ? Annotation.Annotate(expanded)
            : null;
    }

    private (EquatableArray<ActionNode> Actions, Expr? Prerequisites)? Actions(string text, Pipeline pipeline, int table)
    {
        if (!_actions.TryGetValue((text, pipeline, table), out var known))
        {
            known = _parser.ParseActions(text, new ActionContext(pipeline, table)) is { Error: null } parsed
                ? (parsed.Actions, parsed.Prerequisites)
                : null;
            _actions.Add((text, pipeline, table), known);
        }

        return known;
    }

    private static bool HasSets(Expr match) => match switch
    {
        Expr.InSet => true,
        Expr.And(var operands) => operands.Any(HasSets),
        Expr.Or(var operands) => operands.Any(HasSets),
        _ => false,
    };
}
