using System.Threading.Channels;
using GatewayOS.Connections;
using GatewayOS.Control.Supervision;
using GatewayOS.Linux.Conntrack;
using GatewayOS.Linux.Netlink;
using GatewayOS.Vswitchd;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Tracking;

/// <summary>Follows the connections of the datapath that the integration bridge has: the kernel's, or that of ovs-vswitchd in user space.</summary>
/// <param name="options">How often connections are kept alive.</param>
/// <param name="vswitchd">Finds the control socket of ovs-vswitchd.</param>
/// <param name="changed">Set when there is news.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Where a lost source is told.</param>
public sealed partial class ConnectionFeed(OffloadOptions options, Func<string> vswitchd, Signal changed, TimeProvider time, ILoggerFactory loggers)
{
    // More than a burst of events; the source waits when it is full, and the kernel's buffer takes what comes.
    private const int Capacity = 256;

    private readonly ILogger _logger = loggers.CreateLogger<ConnectionFeed>();
    private readonly Channel<ConnectionNews> _news = Channel.CreateBounded<ConnectionNews>(Capacity);
    private volatile IConnectionKeepAlive? _keepAlive;
    private volatile string _bridge = "";
    private readonly TaskCompletionSource<bool> _datapath = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Prolongs connections where they are tracked; null while there is no source.</summary>
    public IConnectionKeepAlive? KeepAlive => _keepAlive;

    /// <summary>Names the integration bridge and its datapath, once they are known.</summary>
    public void Use(string bridge, string datapathType)
    {
        _bridge = bridge;
        _datapath.TrySetResult(datapathType == "netdev");
    }

    /// <summary>The next news, if there is any.</summary>
    public bool TryTake(out ConnectionNews? news) => _news.Reader.TryRead(out news);

    /// <exception cref="OperationCanceledException">The token was cancelled: the only end.</exception>
    public async Task RunAsync(CancellationToken token)
    {
        var isUserspace = await _datapath.Task.WaitAsync(token);
        var backOff = new BackOff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), (uint)Environment.ProcessId);
        string? lost = null;
        while (true)
        {
            try
            {
                if (isUserspace)
                {
                    await FollowUserspaceAsync(token);
                }
                else
                {
                    await FollowKernelAsync(token);
                }
            }
            catch (Exception failure) when (failure is UnixctlException or NetlinkException or IOException or FormatException)
            {
                if (failure.Message != lost)
                {
                    LogLost(failure.Message);
                }

                lost = failure.Message;
            }

            _keepAlive = null;
            await Task.Delay(backOff.Next(), time, token);
        }
    }

    private async Task FollowUserspaceAsync(CancellationToken token)
    {
        var datapath = new DatapathConntrack(new UnixctlClient(vswitchd()));
        // The tracker misses what the device forwards: windows go stale, and a segment out of window would be no part of the connection.
        if (await datapath.ChecksSequenceAsync(token))
        {
            await datapath.CheckSequenceAsync(check: false, token);
            LogSequenceCheckOff();
        }

        options.AssertKeptAlive(UserspaceTimeouts.Default.Shortest);
        var poller = new ConntrackPoller(datapath, DumpPace.Userspace, UserspaceTimeouts.Default, time);
        _keepAlive = new UserspaceKeepAlive(Path.Combine(Path.GetDirectoryName(vswitchd())!, $"{_bridge}.mgmt"), UserspaceTimeouts.Default, poller.Lives);
        await PassOnAsync(poller, token);
    }

    private async Task FollowKernelAsync(CancellationToken token)
    {
        var timeouts = KernelTimeouts.Read();
        options.AssertKeptAlive(timeouts.Shortest);
        using var follower = ConntrackFollower.Open(new ConntrackFollowerOptions(), time, loggers.CreateLogger<ConntrackFollower>());
        using var keepAlive = new KernelKeepAlive(ConntrackNetlink.Open(), timeouts);
        _keepAlive = keepAlive;
        await PassOnAsync(follower, token);
    }

    private async Task PassOnAsync(IConnectionSource source, CancellationToken token)
    {
        await foreach (var news in source.FollowAsync(token))
        {
            await _news.Writer.WriteAsync(news, token);
            changed.Set();
        }
    }

    [LoggerMessage(1450, LogLevel.Warning, "Connections are not followed, those on the device stay as they are: {Message}")]
    private partial void LogLost(string message);

    [LoggerMessage(1451, LogLevel.Information, "Open vSwitch's connection tracker no longer compares TCP sequence numbers, as the device forwards segments that it does not see")]
    private partial void LogSequenceCheckOff();
}
