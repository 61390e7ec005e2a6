using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GatewayOS.Connections;
using GatewayOS.Linux.Netlink;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Tells the connections of one network namespace, then every change of them, in order.</summary>
/// <remarks>
/// <para>
/// It listens before it lists, so nothing falls between. When the kernel reports that it lost events (ENOBUFS), those still queued are
/// older than the loss and thrown away, and everything is listed again: old events without the lost ones would bring back what has ended.
/// </para>
/// <para>
/// The kernel tells little of Open vSwitch's connections, see <see cref="SettlingConnections"/>; new ones are looked at again until they are
/// established, and everything is listed from time to time, which shows what closes. The namespace is that of the thread that calls <see cref="Open"/>.
/// </para>
/// </remarks>
public sealed partial class ConntrackFollower : IConnectionSource, IDisposable
{
    /// <summary>An event takes about 1 KiB of it.</summary>
    public const int DefaultReceiveBuffer = 16 << 20;

    /// <summary>Events told at once at most, so that a flood does not delay the first of them.</summary>
    private const int BatchLength = 512;

    /// <summary>Looks in <see cref="SettlingConnections.First"/>, about 25,000 a second.</summary>
    private const int Looks = 256;

    private static readonly int[] s_groups = [ConntrackAttribute.GroupNew, ConntrackAttribute.GroupUpdate, ConntrackAttribute.GroupDestroy];

    private readonly ConntrackFollowerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConntrackNetlink _questions;
    private readonly NetlinkSocket _events;
    private readonly SettlingConnections _settling = new();
    private readonly long _start;
    private Task<ReadOnlyMemory<byte>?>? _receiving;

    private ConntrackFollower(ConntrackFollowerOptions options, TimeProvider time, ILogger logger, ConntrackNetlink questions, NetlinkSocket events)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _questions = questions;
        _events = events;
        _start = time.GetTimestamp();
    }

    /// <summary>How often the kernel lost events, since the start.</summary>
    public long Losses { get; private set; }

    /// <summary>Messages of the kernel that are no connection to us, by reason, since the start.</summary>
    public RefusalCounts Refusals => _questions.Refusals;

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <param name="options">What to tell of, and how often to list it.</param>
    /// <param name="time">When to look again.</param>
    /// <param name="logger">Where lost events are reported.</param>
    /// <exception cref="NetlinkException">The kernel gives no such socket.</exception>
    public static ConntrackFollower Open(ConntrackFollowerOptions options, TimeProvider time, ILogger<ConntrackFollower> logger)
    {
        var events = NetlinkSocket.Open(ConntrackAttribute.Protocol);
        events.ForcedReceiveBuffer = options.ReceiveBuffer;
        events.Join(s_groups);
        return new ConntrackFollower(options, time, logger, ConntrackNetlink.Open(), events);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ConnectionNews> FollowAsync([EnumeratorCancellation] CancellationToken token)
    {
        var reason = DumpReason.Start;
        while (true)
        {
            var start = Now;
            yield return new ConnectionNews.DumpBegan(reason);
            foreach (var entries in _questions.Dump(_options.Filter))
            {
                token.ThrowIfCancellationRequested();
                Consider(entries);
                yield return new ConnectionNews.Listed(entries);
            }

            yield return new ConnectionNews.DumpEnded();
            var nextDump = Now + _options.Pace.PauseAfter(Now - start);
            reason = DumpReason.Polled;
            while (reason == DumpReason.Polled && Now < nextDump)
            {
                if (await NextAsync(nextDump, token) is not { } events)
                {
                    reason = DumpReason.EventsLost;
                }
                else if (events.Length > 0)
                {
                    yield return new ConnectionNews.Changed(new(events));
                }
            }

            if (reason == DumpReason.EventsLost)
            {
                Losses++;
                LogEventsLost();
                _events.LeaveAndForget(s_groups);
                _events.Join(s_groups);
            }
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _questions.Dispose();
    }

    /// <returns>The events that are there, and what looking again found; none when the time is up; null when some were lost.</returns>
    private async ValueTask<ImmutableArray<ConnectionEvent>?> NextAsync(TimeSpan end, CancellationToken token)
    {
        var events = ImmutableArray.CreateBuilder<ConnectionEvent>();
        _receiving ??= _events.ReceiveAsync(token).AsTask();
        var due = _settling.Due is { } look && look < end ? look : end;
        var pause = due - Now;
        if (!_receiving.IsCompleted && pause > TimeSpan.Zero)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(token);
            await Task.WhenAny(_receiving, Task.Delay(pause, _time, over.Token));
            await over.CancelAsync();
        }

        while (_receiving is { IsCompleted: true } && events.Count < BatchLength)
        {
            var datagram = await _receiving;
            _receiving = null;
            if (datagram is null)
            {
                return null;
            }

            Read(datagram.Value.Span, events);
            if (_events.HasDatagram)
            {
                _receiving = _events.ReceiveAsync(token).AsTask();
            }
        }

        token.ThrowIfCancellationRequested();
        events.AddRange(_settling.Look(Now, Looks, (zone, tuple) => _questions.Find(zone, tuple)).Select(ConnectionEvent (entry) => new ConnectionEvent.Seen(entry)));
        return events.DrainToImmutable();
    }

    private void Read(ReadOnlySpan<byte> datagram, ImmutableArray<ConnectionEvent>.Builder events)
    {
        var messages = new NetlinkMessages(datagram);
        while (messages.MoveNext())
        {
            if (messages.Type is ConntrackAttribute.New or ConntrackAttribute.Delete
                && Refusals.Count(ConntrackMessages.Read(messages.Body, isEvent: true, out var entry))
                && (_options.Filter.Zone is not { } zone || entry!.Connection.Zone == zone))
            {
                // A mark that no longer fits takes a connection out of what is told.
                var isSeen = messages.Type == ConntrackAttribute.New && _options.Filter.Includes(entry!.Connection);
                events.Add(isSeen ? new ConnectionEvent.Seen(entry!) : new ConnectionEvent.Ended(entry!));
                if (isSeen)
                {
                    _settling.Consider(entry!.Connection, Now);
                }
            }
        }
    }

    private void Consider(IEnumerable<ConnectionEntry> entries)
    {
        foreach (var entry in entries)
        {
            _settling.Consider(entry.Connection, Now);
        }
    }

    [LoggerMessage(1520, LogLevel.Warning, "The kernel lost events of connections because they were read too slowly; listing all connections again")]
    private partial void LogEventsLost();
}
