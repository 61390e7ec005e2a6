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

    /// <summary>The session, if this agent is primary.</summary>
    public P4RuntimeSession? Primary => _session is { IsPrimary: true } session ? session : null;

    public DeviceState State => _state;

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
                options.DeviceAddress, options.DeviceId, options.ElectionId, loggers.CreateLogger<P4RuntimeSession>(), patience.Token);
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
                ReportRole(session);
                await foreach (var notification in session.NotificationsAsync(token))
                {
                    switch (notification)
                    {
                        case SwitchNotification.Arbitration:
                            ReportRole(session);
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

    // The same state again is no news.
    private void Report(string state, string message)
    {
        var next = new DeviceState(state, message);
        if (next != _state)
        {
            _state = next;
            if (state == "primary")
            {
                LogPrimary(options.DeviceAddress);
            }
            else
            {
                LogNotPrimary(options.DeviceAddress, state, message);
            }
        }
    }

    [LoggerMessage(1400, LogLevel.Information, "Controlling the device at {Address}")]
    private partial void LogPrimary(string address);

    [LoggerMessage(1401, LogLevel.Warning, "Not controlling the device at {Address} ({State}), its entries stay as they are: {Message}")]
    private partial void LogNotPrimary(string address, string state, string message);

    [LoggerMessage(1402, LogLevel.Warning, "The device says {Status}: {Message}")]
    private partial void LogDeviceComplains(WriteStatus status, string message);
}
