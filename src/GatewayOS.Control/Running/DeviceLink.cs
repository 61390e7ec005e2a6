using GatewayOS.Control.Supervision;
using GatewayOS.P4Runtime;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Running;

/// <summary>Keeps a session with the device: connects, follows who is primary, and starts over when it breaks.</summary>
public sealed partial class DeviceLink(ControlOptions options, Signal changed, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = loggers.CreateLogger<DeviceLink>();
    private volatile P4RuntimeSession? _session;
    private volatile DeviceState _state = new("connecting", "");
    private volatile int _interruptions;

    /// <summary>The session, if this agent is primary.</summary>
    public P4RuntimeSession? Primary => _session is { IsPrimary: true } session ? session : null;

    /// <summary>How often this agent was told that it may not write: what it knew of the device's entries before is worth nothing.</summary>
    public int Interruptions => _interruptions;

    public DeviceState State => _state;

    /// <summary>What no packet has met for its timeout.</summary>
    public IdleEntries Idle { get; } = new();

    /// <summary>Gives up a session that failed, so that another is made.</summary>
    public async Task AbandonAsync(P4RuntimeSession session, string reason)
    {
        Report("failed", reason);
        if (ReferenceEquals(session, _session))
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    /// <exception cref="OperationCanceledException">The token was cancelled: the only end.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), (uint)Environment.ProcessId);
        while (true)
        {
            var started = time.GetTimestamp();
            try
            {
                await FollowAsync(token);
            }
            catch (P4RuntimeException failure)
            {
                Report("disconnected", failure.Message);
            }

            changed.Set();
            if (time.GetElapsedTime(started) > s_patience)
            {
                backOff.Reset();
            }

            await Task.Delay(backOff.Next(), time, token);
        }
    }

    private async Task FollowAsync(CancellationToken token)
    {
        using var limit = new CancellationTokenSource(s_patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token, limit.Token);
        P4RuntimeSession session;
        try
        {
            session = await P4RuntimeSession.ConnectAsync(
                options.DeviceAddress, options.DeviceId, options.ElectionId, options.DevicePatience, loggers.CreateLogger<P4RuntimeSession>(), patience.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new P4RuntimeException(P4RuntimeFault.Unreachable, options.DeviceAddress, "no answer to the request for arbitration");
        }

        await using (session)
        {
            _session = session;
            try
            {
                await foreach (var notification in session.NotificationsAsync(token))
                {
                    switch (notification)
                    {
                        case SwitchNotification.Arbitration(var primary, var highest, var vacant):
                            // The writer of this field is this loop alone.
                            _interruptions += primary ? 0 : 1;
                            if (vacant)
                            {
                                LogClaim(options.DeviceAddress, highest);
                                await session.ClaimAsync(highest, token);
                            }
                            else
                            {
                                ReportRole(session);
                            }

                            break;
                        case SwitchNotification.IdleTimeout(var entries):
                            Idle.Report(entries);
                            break;
                        case SwitchNotification.Failed(var status, var message):
                            LogDeviceComplains(status, message);
                            break;
                        default:
                            break;
                    }
                }
            }
            finally
            {
                _session = null;
            }
        }
    }

    private void ReportRole(P4RuntimeSession session)
    {
        Report(session.IsPrimary ? "primary" : "standby", session.IsPrimary ? "" : "another controller with a higher election id is primary");
        changed.Set();
    }

    // The same again, or another way in which an unreachable device is unreachable, is no news.
    private void Report(string state, string message)
    {
        var before = _state;
        _state = new DeviceState(state, message);
        if (state == before.Name || (IsLost(state) && IsLost(before.Name)))
        {
            return;
        }

        if (state == "primary")
        {
            LogPrimary(options.DeviceAddress);
        }
        else
        {
            LogNotPrimary(options.DeviceAddress, state, message);
        }
    }

    private static bool IsLost(string state) => state is "failed" or "disconnected";

    [LoggerMessage(1400, LogLevel.Information, "Controlling the device at {Address}")]
    private partial void LogPrimary(string address);

    [LoggerMessage(1401, LogLevel.Warning, "Not controlling the device at {Address} ({State}), its entries stay as they are: {Message}")]
    private partial void LogNotPrimary(string address, string state, string message);

    [LoggerMessage(1403, LogLevel.Information, "Nobody controls the device at {Address}, claiming it with the election id {ElectionId}")]
    private partial void LogClaim(string address, UInt128 electionId);

    [LoggerMessage(1402, LogLevel.Warning, "The device says {Status}: {Message}")]
    private partial void LogDeviceComplains(WriteStatus status, string message);
}
