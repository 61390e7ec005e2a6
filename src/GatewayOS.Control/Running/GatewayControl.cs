using System.Threading.Channels;
using GatewayOS.Compiler;
using GatewayOS.Compiler.FloatingIps;
using GatewayOS.Control.Counting;
using GatewayOS.Control.Reconciling;
using GatewayOS.Control.Reporting;
using GatewayOS.Control.Supervision;
using GatewayOS.Control.Tracking;
using GatewayOS.Control.Views;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.P4Runtime;
using GatewayOS.Vswitchd;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Running;

/// <summary>The agent: follows OVN, OVS, the kernel and the device, and keeps the device's entries what they should be.</summary>
/// <remarks>
/// <code>
///   local Open_vSwitch --remotes--> southbound --+
///            |                                   |      view          entries
///            +-----------------------------------+--> [ build ] --> [ compile ] --> [ reconcile ] --> device
///   kernel (netlink) ----------------------------+
/// </code>
/// Changes of any of them, while one round is under way, lead to one more round. What is lost (a database, the device) stays as it was last
/// known, is reported once, and is picked up again where it is.
/// </remarks>
public sealed partial class GatewayControl(ControlOptions options, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>How long a round waits for more. Changes come in bursts: one transaction after another, a link with its addresses and routes.</summary>
    public static TimeSpan Gathering { get; } = TimeSpan.FromMilliseconds(20);

    private readonly ILogger _logger = loggers.CreateLogger<GatewayControl>();
    private readonly PipelineCompiler _compiler = new();
    private readonly StatelessFloatingIps? _floatingIps = options.StatelessFloatingIps ? new StatelessFloatingIps() : null;
    private readonly BackOff _retries = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2), (uint)Environment.ProcessId);
    private ForwardingPipeline? _program;
    private volatile SouthboundLink? _southbound;
    private P4RuntimeSession? _session;
    private Reconciler? _reconciler;
    private CountingDevice? _device;
    private P4RuntimeDevice? _connections;
    private ConnectionRounds? _rounds;
    private LocalOpenVSwitch _local = LocalOpenVSwitch.Empty;
    private int _interruptions;
    private readonly Channel<Task> _questions = Channel.CreateBounded<Task>(16);
    private Signal? _changed;
    private CompiledPipeline? _installed;

    // What was compiled before _state.Pipeline, and from what.
    private (CompiledPipeline? Pipeline, Southbound? Source) _before;
    private ReconcileReport? _lastReport;
    private BuiltView _view = new(DeviceView.Empty, []);
    private (Southbound Southbound, string Chassis, DeviceView View)? _compiled;
    private (long Since, TimeSpan After)? _retry;
    private volatile AgentState _state = AgentState.Starting;

    /// <summary>What the agent does now; replaced after each round.</summary>
    public AgentState State => _state;

    /// <summary>The device holds all there is for what is known now. A next hop that does not answer is waited for only so long.</summary>
    public bool IsReady =>
        _state is { Pipeline: { } pipeline, SouthboundState: ConnectionState.Connected, Report.IsComplete: true } state
        && ReferenceEquals(state.Installed, pipeline) && ReferenceEquals(state.Database, _southbound?.Known)
        && !(state.UnresolvedSince is { } since && time.GetElapsedTime(since) < s_patience);

    /// <summary>What was counted by logical flow, as of the last readings; survives the device.</summary>
    public FlowCounters Counters { get; } = new();

    /// <summary>Asks what the agent knows of connections, between two rounds of its work.</summary>
    /// <returns>The answer; the default value if no connections go to the device, or the agent is not running.</returns>
    internal async Task<T?> AskConnectionsAsync<T>(Func<ConnectionKeeper, T> question, CancellationToken token)
    {
        if (_changed is not { } changed)
        {
            return default;
        }

        // A question that fails must not end the round: who asked is told.
        var asked = new Task<T?>(() => _rounds is null ? default : question(_rounds.Keeper));
        await _questions.Writer.WriteAsync(asked, token);
        changed.Set();
        return await asked.WaitAsync(token);
    }

    /// <summary>The session with the device while this agent is primary and its program is loaded; for reading counters.</summary>
    public P4RuntimeSession? Session => _session;

    /// <exception cref="P4RuntimeException">There is none.</exception>
    internal P4RuntimeSession SessionOrThrow() => _session
        ?? throw new P4RuntimeException(P4RuntimeFault.Unreachable, options.DeviceAddress, $"the agent does not control the device ({_state.Device.Name})");

    /// <summary>Runs until the token is cancelled. Entries stay on the device.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FormatException">The program's files are not what their names say.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        _program = options.Artefacts.Load();
        using var changed = new Signal();
        _changed = changed;
        using var underlay = new UnderlayLink(changed, loggers);
        var device = new DeviceLink(options, changed, time, loggers);
        await using var southbound = new SouthboundLink(changed, time, loggers);
        _southbound = southbound;
        if (options.Connections.IsEnabled)
        {
            var control = options.Connections.Vswitchd is { } path ? () => path : (Func<string>)(() => UnixctlClient.FindSocket(FolderOf(options.OpenVSwitch)));
            _rounds = new ConnectionRounds(options.Connections, _compiler.Connections, control, changed, time, loggers);
        }

        await using var local = LocalOpenVSwitch.Connect(
            [options.OpenVSwitch], new ConnectionOptions { Tls = options.Tls }, time, loggers.CreateLogger<OvsdbClient<LocalOpenVSwitch>>());
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task[] tasks =
        [
            WorkAsync(local, southbound, underlay, device, changed, stopping.Token),
            device.RunAsync(stopping.Token),
            underlay.RunAsync(stopping.Token),
            FollowLocalAsync(local, changed, stopping.Token),
            TickAsync(underlay, changed, stopping.Token),
            .. _rounds?.Run(device.Idle, stopping.Token) ?? [],
        ];
        try
        {
            // None ends by itself; should one fail, so does the agent, and it is started again.
            await await Task.WhenAny(tasks);
        }
        finally
        {
            await stopping.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // ovs-vswitchd has its sockets where the database has its own.
    private static string FolderOf(Remote openVSwitch) =>
        openVSwitch.ToString() is var text && text.StartsWith("unix:", StringComparison.Ordinal) ? Path.GetDirectoryName(text["unix:".Length..])! : "/run/openvswitch";

    private static async Task FollowLocalAsync(OvsdbClient<LocalOpenVSwitch> local, Signal changed, CancellationToken token)
    {
        await foreach (var _ in local.ViewsAsync(token))
        {
            changed.Set();
        }
    }

    // Keeps next hops fresh, and gives what the device refused a chance to be retried.
    private async Task TickAsync(UnderlayLink underlay, Signal changed, CancellationToken token)
    {
        while (true)
        {
            await Task.Delay(s_tick, time, token);
            underlay.Refresh();
            changed.Set();
        }
    }

    private async Task WorkAsync(
        OvsdbClient<LocalOpenVSwitch> local, SouthboundLink southbound, UnderlayLink underlay, DeviceLink device, Signal changed, CancellationToken token)
    {
        while (true)
        {
            await changed.WaitAsync(token);
            await Task.Delay(Gathering, time, token);
            var here = local.View;
            if (here.State is not ConnectionState.Connecting && here.Database.OpenVSwitch.Count > 0)
            {
                _local = here.Database;
                if (here.Database.IntegrationBridge is { } bridge)
                {
                    _rounds?.Use(bridge.Name, bridge.DatapathType);
                }

                await southbound.UseAsync(SouthboundSource.Of(here.Database, options.Tls));
                Compile(here.Database, southbound.Known, underlay);
            }

            await InstallAsync(device, token);
            while (_questions.Reader.TryRead(out var question))
            {
                question.RunSynchronously(TaskScheduler.Default);
            }

            if (_rounds is { HasMore: true })
            {
                changed.Set();
            }

            _state = _state with
            {
                Device = device.State,
                Connections = _rounds?.Keeper.Counts,
                OpenVSwitch = here.State,
                SouthboundState = southbound.State,
                SouthboundRemote = southbound.Remote,
                Report = _lastReport,
                Installed = _session is null ? null : _installed,
                UnresolvedSince = _view.View.Tunnels.All(path => path.NextHop is not null) ? null : _state.UnresolvedSince ?? time.GetTimestamp(),
            };
        }
    }

    private void Compile(LocalOpenVSwitch local, Southbound? southbound, UnderlayLink underlay)
    {
        if (southbound is null || local.Settings.SystemId is not { } chassis || underlay.Look(EndpointsOf(southbound)) is not var (links, paths))
        {
            return;
        }

        var view = DeviceViewBuilder.Build(new ViewInputs(local, southbound, options.Pairs, links, paths));
        foreach (var remark in view.Remarks.Except(_view.Remarks))
        {
            LogRemark(remark);
        }

        _view = view;
        var inputs = (southbound, chassis, view.View);
        if (_compiled is { } last && ReferenceEquals(last.Southbound, southbound) && last.Chassis == chassis && last.View == view.View)
        {
            return;
        }

        _before = (_state.Pipeline, _state.Source);
        var started = time.GetTimestamp();
        var source = _floatingIps?.Apply(southbound) ?? southbound;
        var pipeline = _compiler.Compile(source, chassis, view.View);
        var elapsed = time.GetElapsedTime(started);
        foreach (var flow in pipeline.Rejected.Except(_state.Pipeline?.Rejected ?? []).Select(uuid => source.LogicalFlows[uuid]))
        {
            LogRejected(flow.Uuid, flow.IsIngress ? "ingress" : "egress", flow.TableId, flow.Match, flow.Actions);
        }

        _compiled = inputs;
        _state = _state with { Chassis = chassis, View = view, Pipeline = pipeline, Database = southbound, Source = source, CompileTime = elapsed };
        LogCompiled(pipeline.LogicalFlows, pipeline.States, pipeline.Entries.Count, (long)elapsed.TotalMilliseconds);
    }

    private async Task InstallAsync(DeviceLink device, CancellationToken token)
    {
        // Read first: an interruption after this is seen in the next round.
        var interruptions = device.Interruptions;
        if (device.Primary is not { } session || _state.Pipeline is not { } pipeline)
        {
            if (device.Primary is null)
            {
                (_session, _reconciler) = (null, null);
            }

            return;
        }

        try
        {
            if (!ReferenceEquals(session, _session) || interruptions != _interruptions || _reconciler is null)
            {
                _interruptions = interruptions;
                await session.LoadPipelineAsync(_program!, token);
                _connections = new P4RuntimeDevice(session);
                (_session, _device, _installed) = (session, new CountingDevice(_connections, Counters), null);
                _reconciler = new Reconciler(_device);
                pipeline = Align(pipeline, await _reconciler.ReadAsync(token));
                if (_rounds is not null)
                {
                    _rounds.Keeper.Forget();
                    await _rounds.Keeper.Writer.ReadAsync(_connections, token);
                }
            }

            if (_retry is var (since, after) && time.GetElapsedTime(since) >= after)
            {
                _retry = null;
                _reconciler.Retry();
            }

            if (_rounds is { Keeper: { } keeper })
            {
                if (!_rounds.Prepare(_local.ConntrackZones))
                {
                    return;
                }

                pipeline = Settled();
                if (!ReferenceEquals(_installed, pipeline))
                {
                    keeper.WithdrawDoubtful();
                }

                await keeper.Writer.WithdrawAsync(_connections!, token);
            }

            if (!ReferenceEquals(_installed, pipeline) || _reconciler.Installed is null)
            {
                await ReachAsync(pipeline, _device!, _reconciler, token);
                _installed = pipeline;
            }

            if (_rounds is not null)
            {
                await _rounds.OffloadAsync(_connections!, _reconciler, token);
            }
        }
        catch (Exception failure) when (failure is P4RuntimeException or FormatException)
        {
            (_session, _reconciler) = (null, null);
            await device.AbandonAsync(session, failure.Message);
        }
    }

    // With the outputs that only connections need.
    private CompiledPipeline Settled()
    {
        if (_compiler.Settle() is { } settled)
        {
            _before = (_state.Pipeline, _state.Source);
            _state = _state with { Pipeline = settled };
        }

        return _state.Pipeline!;
    }

    private async Task ReachAsync(CompiledPipeline pipeline, CountingDevice device, Reconciler reconciler, CancellationToken token)
    {
        var entries = pipeline.Entries.Select(entry => entry.Entry);
        if (pipeline.Changes is { } changes && _installed is not null && ReferenceEquals(_installed, _before.Pipeline))
        {
            await device.ExpectAsync(changes, token);
            Report(await reconciler.ReconcileAsync(entries, EntryWrites.Of(changes), token));
            Counters.Forget(_state.Source!.LogicalFlows.ChangesSince(_before.Source!.LogicalFlows).Where(change => change.New is null).Select(change => change.Old!.Uuid));
        }
        else
        {
            await device.ExpectAsync(pipeline.Entries, token);
            Report(await reconciler.ReconcileAsync(entries, token));
            Counters.Forget(flow => _state.Source?.LogicalFlows.ContainsKey(flow) != true);
        }
    }

    // What the device has under other numbers keeps those.
    private CompiledPipeline Align(CompiledPipeline pipeline, InstalledEntries held)
    {
        if (held.Count == 0 || pipeline.Entries.All(entry => entry.Entry.Equals(held.Find(entry.Entry.Key))))
        {
            return pipeline;
        }

        var alignment = Alignment.Of(new InstalledEntries(pipeline.Entries.Select(entry => entry.Entry)), held);
        if (alignment.Numbers.Count > 0 && _compiled is var (_, chassis, view) && _state.Source is { } source)
        {
            LogAligned(alignment.Numbers.Count);
            alignment.ApplyTo(_compiler.Ids);
            _before = (pipeline, source);
            pipeline = _compiler.Compile(source, chassis, view);
            _state = _state with { Pipeline = pipeline };
        }

        return pipeline;
    }

    private void Report(ReconcileReport report)
    {
        // A full table refuses many entries, and others after each change: that is one thing to tell.
        var known = (_lastReport?.Refused ?? []).Select(Trouble).ToHashSet();
        foreach (var refused in report.Refused.GroupBy(Trouble).Where(trouble => !known.Contains(trouble.Key)))
        {
            LogRefused(refused.Key.Table, refused.Key.Kind, refused.Key.Status, refused.Count(), refused.First());
        }

        if (_lastReport is { IsComplete: false } && report.IsComplete)
        {
            LogRecovered();
        }

        if (report.IsComplete)
        {
            _retries.Reset();
            _retry = null;
        }
        else
        {
            _retry ??= (time.GetTimestamp(), _retries.Next());
        }

        if (report.Writes > 0)
        {
            LogInstalled(report.Inserted, report.Modified, report.Deleted, report.Missing);
        }

        _lastReport = report;
    }

    private static (string Table, UpdateKind Kind, WriteStatus Status) Trouble(RefusedWrite refused) => (refused.Key.Table, refused.Kind, refused.Status);

    private static List<uint> EndpointsOf(Southbound southbound) =>
        [.. southbound.Encaps.Select(encap => IpAddress.TryParseV4(encap.Ip, out var ip) ? ip : 0).Where(ip => ip != 0).Distinct().Order()];

    [LoggerMessage(1430, LogLevel.Information, "Compiled {Flows} logical flows into {States} states and {Entries} entries in {Milliseconds} ms")]
    private partial void LogCompiled(int flows, int states, int entries, long milliseconds);

    [LoggerMessage(1431, LogLevel.Information, "Device in step: {Inserted} entries inserted, {Modified} modified, {Deleted} deleted, {Missing} missing")]
    private partial void LogInstalled(int inserted, int modified, int deleted, int missing);

    [LoggerMessage(1432, LogLevel.Warning,
        "Table {Table} of the device refuses to {Kind} ({Status}), what depends on that is left to OVS; {Count} entries, such as {Write}")]
    private partial void LogRefused(string table, UpdateKind kind, WriteStatus status, int count, RefusedWrite write);

    [LoggerMessage(1433, LogLevel.Information, "The device takes everything again")]
    private partial void LogRecovered();

    [LoggerMessage(1435, LogLevel.Warning,
        "The logical flow {Flow} ({Pipeline} table {Table}) does not parse; like ovn-controller, this agent does without it: match {Match}, actions {Actions}")]
    private partial void LogRejected(Guid flow, string pipeline, int table, string match, string actions);

    [LoggerMessage(1436, LogLevel.Information, "The device has {Count} states and outputs under other numbers, which stay")]
    private partial void LogAligned(int count);

    [LoggerMessage(1434, LogLevel.Warning, "{Remark}")]
    private partial void LogRemark(string remark);
}
