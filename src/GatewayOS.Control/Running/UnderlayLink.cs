using GatewayOS.Control.Supervision;
using GatewayOS.Control.Underlay;
using GatewayOS.Control.Views;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Control.Running;

/// <summary>Follows the kernel's network and answers for the underlay. Its namespace is that of the thread that makes it.</summary>
public sealed partial class UnderlayLink : IDisposable
{
    private readonly Signal _changed;
    private readonly ILogger _logger;
    private readonly NetworkFollower _follower;
    private readonly RouteNetlink _questions;
    private readonly KernelNetwork _network = new();
    private readonly UnderlayRoutes _routes;
    private readonly Lock _gate = new();
    private string? _complaint;

    /// <exception cref="NetlinkException">The kernel gives no such socket.</exception>
    public UnderlayLink(Signal changed, ILoggerFactory loggers)
    {
        (_changed, _logger) = (changed, loggers.CreateLogger<UnderlayLink>());
        _follower = NetworkFollower.Open(loggers.CreateLogger<NetworkFollower>());
        _questions = RouteNetlink.Open();
        _routes = new UnderlayRoutes(_questions, _network);
    }

    /// <summary>What the kernel has, or null before everything was read. Next hops that are missing are being resolved.</summary>
    public (IReadOnlyDictionary<string, Link> Links, EquatableArray<UnderlayPath> Paths)? Look(IReadOnlyCollection<uint> endpoints)
    {
        lock (_gate)
        {
            return _network.IsComplete ? (_network.LinksByName(), Ask(() => _routes.PathsTo(endpoints))) : null;
        }
    }

    /// <summary>Has next hops confirmed.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            Ask(() =>
            {
                _routes.Refresh();
                return true;
            });
        }
    }

    public async Task RunAsync(CancellationToken token)
    {
        await foreach (var change in _follower.FollowAsync(token))
        {
            bool matters;
            lock (_gate)
            {
                matters = _network.Apply(change);
            }

            if (matters)
            {
                _changed.Set();
            }
        }
    }

    public void Dispose()
    {
        _follower.Dispose();
        _questions.Dispose();
    }

    // A refusal leaves tunnels to OVS; the next change or refresh asks again.
    private T? Ask<T>(Func<T> question)
    {
        try
        {
            var answer = question();
            _complaint = null;
            return answer;
        }
        catch (NetlinkException failure)
        {
            if (failure.Message != _complaint)
            {
                _complaint = failure.Message;
                LogRefused(failure.Message);
            }

            return default;
        }
    }

    [LoggerMessage(1420, LogLevel.Warning, "The kernel does not tell the way to tunnel endpoints, tunnels are left to OVS: {Message}")]
    private partial void LogRefused(string message);
}
