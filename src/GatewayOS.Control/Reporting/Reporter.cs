using GatewayOS.Compiler.Emission;
using GatewayOS.Control.Running;
using GatewayOS.Core;
using GatewayOS.Ovsdb;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reporting;

/// <summary>Answers what <c>gatewayctl</c> asks of a running agent.</summary>
public sealed class Reporter(GatewayControl control, ControlOptions options) : IDisposable
{
    private const int HighestFrontPort = 255, VerdictsPerPort = 4;

    /// <summary>What the device does with a packet.</summary>
    public PacketReporter Packets { get; } = new(control);

    /// <summary>What was counted.</summary>
    public FlowReporter Flows { get; } = new(control);

    /// <summary>Which connections there are.</summary>
    public ConnectionReporter Connections { get; } = new(control);

    public void Dispose() => Flows.Dispose();

    public async Task<AgentStatus> StatusAsync(CancellationToken token)
    {
        var state = control.State;
        var (verdicts, punts) = await CountersAsync(token);
        return new AgentStatus(
            control.IsReady,
            ReferenceEquals(state.Installed, state.Pipeline) ? state.Source?.SbGlobals.FirstOrDefault()?.NbCfg : null,
            state.Chassis,
            new PeerStatus(options.DeviceAddress, state.Device.Name, state.Device.Message),
            Peer(options.OpenVSwitch.ToString(), state.OpenVSwitch),
            Peer(state.SouthboundRemote, state.SouthboundState),
            state.Pipeline?.LogicalFlows ?? 0,
            state.Pipeline?.States ?? 0,
            state.Pipeline?.EntryPoints ?? 0,
            state.Pipeline?.Rejected.Count ?? 0,
            state.CompileTime.TotalSeconds,
            new SortedDictionary<string, int>(
                (state.Pipeline?.Entries ?? CompiledEntries.Empty).CountBy(entry => entry.Entry.Table).ToDictionary(), StringComparer.Ordinal),
            state.Report?.Missing ?? state.Pipeline?.Entries.Count ?? 0,
            [.. (state.Report?.Refused ?? []).Select(refused => refused.ToString())],
            [.. options.Pairs.Select(pair => Port(pair.Device, pair.Exception, state, verdicts))],
            [.. state.View.View.Tunnels.Select(path => new TunnelStatus(IpAddress.FormatV4(path.RemoteIp), path.DevicePort, path.NextHop?.ToString()))],
            FastPath(verdicts),
            [.. punts.OrderByDescending(pair => pair.Value.Packets).Select(pair => Punt(pair.Key, pair.Value, state))],
            [.. state.View.Remarks],
            state.Connections);
    }

    /// <param name="table">One of <see cref="TableNames"/>, or null for all.</param>
    /// <param name="token">Ends the wait.</param>
    /// <exception cref="P4RuntimeException">The device does not answer.</exception>
    public async Task<IReadOnlyList<EntryStatus>> EntriesAsync(string? table, CancellationToken token)
    {
        var session = control.SessionOrThrow();
        var known = (control.State.Pipeline?.Entries ?? CompiledEntries.Empty).ToDictionary(entry => entry.Entry.Key);
        var entries = new List<EntryStatus>();
        await foreach (var (entry, hits) in session.ReadEntriesAsync(table, counters: true, token))
        {
            if (Pipeline.TablesByName.ContainsKey(entry.Table))
            {
                entries.Add(Entry(entry, known.GetValueOrDefault(entry.Key), hits));
            }
        }

        return entries;
    }

    private static EntryStatus Entry(TableEntry entry, CompiledEntry? compiled, CounterValue? hits) => new(
        entry.Table, entry.Priority, string.Join(' ', entry.Match), entry.Action.ToString() ?? "",
        compiled is null ? [] : [.. compiled.Flows],
        compiled?.Cause is { } cause ? (cause.Detail.Length == 0 ? cause.Reason : $"{cause.Reason}: {cause.Detail}") : null,
        hits?.Packets, hits?.Octets);

    private async Task<(IReadOnlyDictionary<int, CounterValue>? Verdicts, IReadOnlyDictionary<int, CounterValue> Punts)> CountersAsync(CancellationToken token)
    {
        var none = new Dictionary<int, CounterValue>();
        if (control.Session is not { } session)
        {
            return (null, none);
        }

        try
        {
            return (await session.ReadCounterAsync(CounterNames.Verdicts, token), await session.ReadCounterAsync(CounterNames.Punts, token));
        }
        catch (P4RuntimeException)
        {
            // The device's own state says that it is gone; the rest of the status does not need it.
            return (null, none);
        }
    }

    private static PortStatus Port(int device, string exception, AgentState state, IReadOnlyDictionary<int, CounterValue>? verdicts)
    {
        var view = state.View.View.Ports.FirstOrDefault(port => port.Number == device);
        long? Count(int verdict) => verdicts?.GetValueOrDefault(device * VerdictsPerPort + verdict).Packets;
        return new PortStatus(device, exception, [.. view?.Networks ?? []], view?.InterfaceId, Count(0), Count(1), Count(2));
    }

    private static FastPathStatus FastPath(IReadOnlyDictionary<int, CounterValue>? verdicts)
    {
        if (verdicts is null)
        {
            return new FastPathStatus(IsKnown: false, 0, 0, 0, null);
        }

        long Sum(int verdict) => verdicts.Where(pair => pair.Key % VerdictsPerPort == verdict && pair.Key / VerdictsPerPort is >= 1 and <= HighestFrontPort)
            .Sum(pair => pair.Value.Packets);
        var (punted, forwarded, dropped) = (Sum(0), Sum(1), Sum(2));
        var all = punted + forwarded + dropped;
        return new FastPathStatus(IsKnown: true, forwarded, dropped, punted, all == 0 ? null : (double)(forwarded + dropped) / all);
    }

    private static PuntStatus Punt(int reason, CounterValue count, AgentState state) =>
        new(PuntTexts.Reason(reason, state), count.Packets, count.Octets, PuntTexts.IsBackground(reason, state));

    private static PeerStatus Peer(string? address, ConnectionState? state) => state switch
    {
        ConnectionState.Connected(var remote) => new PeerStatus(remote.ToString(), "connected", ""),
        ConnectionState.Disconnected(var reason) => new PeerStatus(address, "disconnected", reason),
        _ => new PeerStatus(address, "connecting", ""),
    };
}
