using System.Collections.Immutable;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Reference.Evaluation;

/// <summary>One evaluation of one packet: the tables.</summary>
internal sealed partial class Evaluator
{
    // OVS gives up too: after 4096 resubmits of one packet (ofproto-dpif-xlate.c, MAX_RESUBMITS), and at some depth of them.
    private const int MaxDepth = 512;
    private const int MaxTables = 4096;

    private readonly ReferenceNetwork _network;
    private readonly PacketFields _fields;
    private readonly TraceRequest _request;
    private readonly Residence _residence;
    private readonly PortSecurity _portSecurity;
    private readonly ImmutableArray<TraceStep>.Builder _steps = ImmutableArray.CreateBuilder<TraceStep>();
    private readonly ImmutableArray<TraceOutcome>.Builder _outcomes = ImmutableArray.CreateBuilder<TraceOutcome>();
    private readonly ImmutableArray<TraceChoice>.Builder _choices = ImmutableArray.CreateBuilder<TraceChoice>();
    private int _statesUsed;
    private int _shownTables;
    private int _depth;
    private bool _isCutShort;

    public Evaluator(ReferenceNetwork network, PacketFields fields, TraceRequest request)
    {
        (_network, _fields, _request) = (network, fields, request);
        _residence = new Residence(network);
        _portSecurity = new PortSecurity(fields, Has(OvnTraceLimits.SimplePortSecurity));
    }

    public TraceResult Run()
    {
        var packet = _request.Packet.Clone();
        var place = new Place(_request.Datapath, Pipeline.Ingress, 0, _network.Chassis);
        var root = new TraceNode(TraceNodeKind.Pipeline, $"ingress(dp=\"{place.Datapath.FriendlyName}\", inport=\"{InPortName(place, packet, "(unnamed)")}\")");
        RunTable(place, packet, root);
        return new TraceResult(root, _steps.ToImmutable(), _outcomes.ToImmutable(), _statesUsed, _choices.ToImmutable())
        {
            IsCutShort = _isCutShort,
        };
    }

    private bool Has(OvnTraceLimits limit) => (_request.Limits & limit) != OvnTraceLimits.None;

    /// <summary>
    /// Executes the actions of the flow with the highest priority that matches; if there is none, the packet is dropped (ovn-sb(5), Logical_Flow).
    /// </summary>
    private void RunTable(Place place, Packet packet, TraceNode into)
    {
        if (_depth >= MaxDepth || _steps.Count >= MaxTables)
        {
            into.Add(TraceNodeKind.Error, "*** too many tables: the packet runs in a circle");
            Drop(place, packet, "too many tables");
            _isCutShort = true;
            return;
        }

        _depth++;
        var flow = Find(place, packet, out var isAmbiguous);
        while (flow is { IsTransparent: true })
        {
            Record(place, flow, isAmbiguous);
            place = place.Next;
            flow = Find(place, packet, out isAmbiguous);
        }

        var step = Record(place, flow, isAmbiguous);
        var table = into.Add(new TraceNode(TraceNodeKind.Table, Title(place, flow)) { Step = step });
        if (flow is null)
        {
            Drop(place, packet, "no flow matches");
        }
        else
        {
            var before = _steps.Count + _outcomes.Count;
            RunActions(flow.Actions, place, packet, table);
            if (_steps.Count + _outcomes.Count == before)
            {
                Drop(place, packet, "the actions end without output or next");
            }
        }

        _depth--;
    }

    // Only one flow of a priority should match; when several do, it is not defined which one wins.
    private ReferenceFlow? Find(Place place, Packet packet, out bool isAmbiguous)
    {
        var facts = new MatchFacts(_residence, place, packet);
        var found = new List<ReferenceFlow>(1);
        foreach (var flow in place.Datapath.Table(place.Pipeline, place.Table))
        {
            if (found.Count > 0 && flow.Row.Priority != found[0].Row.Priority)
            {
                break;
            }

            if (MatchEvaluator.IsTrue(flow.Match, facts))
            {
                found.Add(flow);
            }
        }

        isAmbiguous = found.Exists(flow => flow.Actions != found[0].Actions);
        return found.Count == 0 ? null : found[Choose(TraceChoiceKind.Flow, found.Select(flow => flow.Row.Uuid.ToString()))];
    }

    private TraceStep Record(Place place, ReferenceFlow? flow, bool isAmbiguous)
    {
        var step = new TraceStep(
            place.Datapath.Row.Uuid,
            place.Datapath.FriendlyName,
            place.Pipeline,
            place.Table,
            StageName(place, flow),
            flow?.Row.Uuid,
            flow?.Row.Priority ?? 0,
            flow?.Row.Match ?? "",
            flow is null ? "" : Text(flow.Actions, place),
            flow is { IsTransparent: true },
            isAmbiguous);
        _steps.Add(step);
        _shownTables += step.IsTransparent ? 0 : 1;
        return step;
    }

    private string Title(Place place, ReferenceFlow? flow)
    {
        var stage = StageName(place, flow);
        if (flow is null)
        {
            return FormattableString.Invariant($"{place.Table,2}. {stage}{(stage is null ? "" : ": ")}no match (implicit drop)");
        }

        var source = flow.Row.ExternalIds.Find("source");
        var heading = (stage, source) switch
        {
            (null, null) => "",
            (_, null) => $"{stage}: ",
            (null, _) => $"({source}): ",
            _ => $"{stage} ({source}): ",
        };
        var uuid = flow.Row.Uuid.ToString()[..8];
        return FormattableString.Invariant($"{place.Table,2}. {heading}{_network.Friendly(flow.Row.Match)}, priority {flow.Row.Priority}, uuid {uuid}");
    }

    private static string? StageName(Place place, ReferenceFlow? flow) =>
        flow is not null ? flow.Stage : place.Datapath.Table(place.Pipeline, place.Table) is [var other, ..] ? other.Stage : null;

    private string Text(EquatableArray<ActionNode> actions, Place place) =>
        ActionFormatter.Format(actions, ActionContext.For(_network.Version, place.Pipeline, place.Table), _network.Version);

    private string InPortName(Place place, Packet packet, string unnamed) =>
        (int)packet[_fields.InPort] is not 0 and var key ? place.Datapath.Port(key)?.FriendlyName ?? "(unnamed)" : unnamed;

    private void Drop(Place place, Packet packet, string reason) =>
        _outcomes.Add(new TraceOutcome.Dropped(place.Chassis?.Name, packet.Clone(), reason));
}
