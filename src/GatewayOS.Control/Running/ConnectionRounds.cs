using GatewayOS.Compiler.Tracking;
using GatewayOS.Control.Reconciling;
using GatewayOS.Control.Supervision;
using GatewayOS.Control.Tracking;
using GatewayOS.Linux.Netlink;
using GatewayOS.Ovn;
using GatewayOS.P4Runtime;
using GatewayOS.Vswitchd;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Running;

/// <summary>What is done for connections in a round of the agent: evaluated before the configuration is written, put in after it.</summary>
/// <param name="options">Limits.</param>
/// <param name="compiler">Evaluates.</param>
/// <param name="vswitchd">Finds the control socket of ovs-vswitchd.</param>
/// <param name="changed">Set when a round is due.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where it is told what is not kept up.</param>
internal sealed partial class ConnectionRounds(
    OffloadOptions options, ConnectionCompiler compiler, Func<string> vswitchd, Signal changed, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>How long an earlier agent's entries wait for all connections to be listed.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<ConnectionRounds>();
    private readonly ConnectionFeed _feed = new(options, vswitchd, changed, time, loggers);
    private readonly ConnectionActivity _activity = new(options, time);
    private readonly RestingConnections _resting = new(time);
    private readonly long _begun = time.GetTimestamp();
    private long _lastWrite = time.GetTimestamp();

    public ConnectionKeeper Keeper { get; } = new(compiler, options);

    /// <summary>Whether the last round left something undone that the next may do.</summary>
    public bool HasMore => Keeper.HasMore && _feed.KeepAlive is not null;

    /// <summary>Names the integration bridge and its datapath, once they are known.</summary>
    public void Use(string bridge, string datapathType) => _feed.Use(bridge, datapathType);

    /// <summary>What runs beside the rounds; none ends but by the token.</summary>
    public IEnumerable<Task> Run(IdleEntries idle, CancellationToken token) => [_feed.RunAsync(token), _activity.FollowAsync(idle, token), WatchAsync(token)];

    /// <summary>Evaluates what is new.</summary>
    /// <returns>False while it is not known which connections there are: an entry that an earlier agent left may be right.</returns>
    public bool Prepare(ConntrackZones zones)
    {
        while (_feed.TryTake(out var news))
        {
            Keeper.Apply(news!);
        }

        if (Keeper.Writer.IsAdopting && !Keeper.IsListed && time.GetElapsedTime(_begun) < s_patience)
        {
            return false;
        }

        Keeper.Follow(zones);
        Keeper.Evaluate();
        return true;
    }

    /// <summary>Puts in what is new, and looks at what passes.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task OffloadAsync(IDeviceConnections device, Reconciler reconciler, CancellationToken token)
    {
        // Without the tracker nothing is put in: it has to bear what it will not see.
        if (_feed.KeepAlive is not { } keepAlive)
        {
            return;
        }

        var since = time.GetElapsedTime(_lastWrite);
        _lastWrite = time.GetTimestamp();
        var allowance = (int)Math.Clamp(Math.Max(since.TotalSeconds, GatewayControl.Gathering.TotalSeconds) * options.Rate, 1, options.Rate);
        await Keeper.Writer.WriteAsync(device, reconciler.Holds, PrepareAsync, allowance, token);
        await _resting.LookAsync(Keeper, device, keepAlive, token);
        try
        {
            await _activity.LookAsync(Keeper, device, keepAlive, token);
        }
        catch (Exception failure) when (failure is UnixctlException or NetlinkException)
        {
            // Not kept alive a connection ends in the tracker, and then on the device.
            LogNotKeptAlive(failure.Message);
        }

        async Task<bool> PrepareAsync(TrackedPackets packets)
        {
            try
            {
                foreach (var connection in Keeper.ConnectionsOf(packets))
                {
                    if (!await keepAlive.PrepareAsync(connection, token))
                    {
                        return false;
                    }
                }

                return true;
            }
            catch (NetlinkException failure)
            {
                LogNotPrepared(failure.Message);
                return false;
            }
        }
    }

    // Packets of resting connections tell nobody that they come.
    private async Task WatchAsync(CancellationToken token)
    {
        while (true)
        {
            await Task.Delay(RestingConnections.Pause, time, token);
            if (Keeper.Writer.IsAnyResting)
            {
                changed.Set();
            }
        }
    }

    [LoggerMessage(1439, LogLevel.Warning, "A connection stays in software: {Message}")]
    private partial void LogNotPrepared(string message);

    [LoggerMessage(1438, LogLevel.Warning, "Connections are not kept alive: {Message}")]
    private partial void LogNotKeptAlive(string message);
}
