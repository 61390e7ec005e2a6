using GatewayOS.Compiler.Emission;
using GatewayOS.Control.Running;
using GatewayOS.Explain;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reporting;

/// <summary>Answers what was counted, by reason and by logical flow.</summary>
public sealed class FlowReporter(GatewayControl control) : IDisposable
{
    // Readings are taken one after the other: an older one after a newer would look like a device that started anew.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>The reasons why packets were left to OVS, those with the most packets first.</summary>
    /// <exception cref="P4RuntimeException">The device does not answer.</exception>
    public async Task<IReadOnlyList<PuntReport>> PuntsAsync(CancellationToken token)
    {
        var state = control.State;
        var punts = await control.SessionOrThrow().ReadCounterAsync(CounterNames.Punts, token);
        var hits = await HitsAsync(token);
        var catalogue = new FlowCatalogue(state.Source ?? Southbound.Empty);
        var causes = ((state.Installed ?? state.Pipeline)?.Entries ?? CompiledEntries.Empty).Where(entry => entry.Cause is not null).ToLookup(entry => entry.Cause!.Reason);
        return
        [
            .. punts.OrderByDescending(punt => punt.Value.Packets).ThenBy(punt => punt.Key).Select(punt =>
            {
                var reason = PuntTexts.Reason(punt.Key, state);
                return new PuntReport(
                    reason, punt.Value.Packets, punt.Value.Octets, PuntTexts.IsBackground(punt.Key, state),
                    Remedies.For(punt.Key, state.Pipeline?.Reasons ?? new Dictionary<uint, string>()), Origins(causes[reason], hits, catalogue));
            }),
        ];
    }

    /// <summary>The logical flows that the filter wants, those with the most packets first.</summary>
    /// <exception cref="P4RuntimeException">The device does not answer.</exception>
    /// <exception cref="ExplainException">There is no such datapath.</exception>
    public async Task<IReadOnlyList<FlowCount>> FlowsAsync(FlowFilter filter, CancellationToken token)
    {
        var southbound = control.State.Source ?? Southbound.Empty;
        var catalogue = new FlowCatalogue(southbound);
        var wanted = Wanted(filter, catalogue);
        await HitsAsync(token);
        var totals = control.Counters.Totals();

        // Without a filter the flows that only OVS has would drown the others.
        var isFiltered = filter.Stage is not null || filter.Acl is not null || filter.Datapath is not null;
        return
        [
            .. southbound.LogicalFlows.Where(flow => wanted(flow) && (isFiltered || totals.ContainsKey(flow.Uuid)))
                .Select(flow => (Flow: flow, Count: totals.TryGetValue(flow.Uuid, out var count) ? count : (CounterValue?)null))
                .OrderByDescending(pair => pair.Count?.Packets ?? -1).ThenBy(pair => pair.Flow.Pipeline == "egress").ThenBy(pair => pair.Flow.TableId)
                .ThenByDescending(pair => pair.Flow.Priority).ThenBy(pair => pair.Flow.Uuid)
                .Take(filter.Top ?? int.MaxValue)
                .Select(pair => new FlowCount(catalogue.Describe(pair.Flow.Uuid), pair.Count?.Packets, pair.Count?.Octets)),
        ];
    }

    private async Task<IReadOnlyDictionary<EntryKey, CounterValue>> HitsAsync(CancellationToken token)
    {
        await _oneAtATime.WaitAsync(token);
        try
        {
            var epoch = control.Counters.Epoch;
            var hits = new Dictionary<EntryKey, CounterValue>();
            await foreach (var (entry, value) in control.SessionOrThrow().ReadEntriesAsync(null, counters: true, token))
            {
                if (value is { } counter && Pipeline.TablesByName.ContainsKey(entry.Table))
                {
                    hits[entry.Key] = counter;
                    control.Counters.Read(entry.Key, counter, epoch);
                }
            }

            return hits;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private static IReadOnlyList<PuntOrigin> Origins(
        IEnumerable<CompiledEntry> entries, IReadOnlyDictionary<EntryKey, CounterValue> hits, FlowCatalogue catalogue) =>
    [
        .. entries.GroupBy(entry => (entry.Cause!.Detail, entry.Cause.Flow))
            .Select(group => new PuntOrigin(
                group.Key.Detail, group.Key.Flow is { } flow ? catalogue.Describe(flow) : null,
                group.Sum(entry => hits.GetValueOrDefault(entry.Entry.Key).Packets), group.Count()))
            .OrderByDescending(origin => origin.Packets).ThenByDescending(origin => origin.Entries).ThenBy(origin => origin.Detail, StringComparer.Ordinal),
    ];

    private static Func<LogicalFlow, bool> Wanted(FlowFilter filter, FlowCatalogue catalogue)
    {
        var datapaths = filter.Datapath is { } name ? catalogue.Datapaths(name) : null;
        if (datapaths is { Count: 0 })
        {
            throw new ExplainException($"there is no switch or router '{filter.Datapath}'");
        }

        return flow =>
        {
            var stage = flow.ExternalIds.Find("stage-name") ?? "";
            return (filter.Stage is null || stage.Contains(filter.Stage, StringComparison.Ordinal))
                && (filter.Acl is null || IsOfAcl(flow, stage, filter.Acl))
                && (datapaths is null || catalogue.DatapathsOf(flow).Any(datapaths.Contains));
        };
    }

    // The hint is the first 8 digits of the northbound row; OVN's own flows in these stages have none.
    private static bool IsOfAcl(LogicalFlow flow, string stage, string acl) =>
        stage.Contains("_acl", StringComparison.Ordinal) && flow.ExternalIds.Find("stage-hint") is { Length: > 0 } hint
        && (acl.StartsWith(hint, StringComparison.OrdinalIgnoreCase) || hint.StartsWith(acl, StringComparison.OrdinalIgnoreCase));
}
