using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace GatewayOS.Linux.Netlink;

/// <summary>Tells what the network of one namespace is like, then every change of it, in order.</summary>
/// <remarks>
/// It starts to listen before it lists, so nothing falls between; what changes meanwhile is told once more at worst, never missed.
/// When the kernel reports that it lost messages (ENOBUFS), everything is listed again and the difference is told.
/// The namespace is that of the thread that calls <see cref="Open"/>.
/// </remarks>
public sealed partial class NetworkFollower : IDisposable
{
    // RTNLGRP_LINK, _NEIGH, _IPV4_IFADDR, _IPV4_ROUTE, _IPV4_RULE, _IPV6_IFADDR, _IPV6_ROUTE, _IPV6_RULE
    private static readonly int[] s_groups = [1, 3, 5, 7, 8, 9, 11, 19];

    private readonly ILogger _logger;
    private readonly RouteNetlink _questions;
    private readonly NetlinkSocket _events;
    private readonly NetworkReplica _told = new();

    private NetworkFollower(ILogger logger, RouteNetlink questions, NetlinkSocket events)
    {
        _logger = logger;
        _questions = questions;
        _events = events;
    }

    /// <param name="logger">Where lost messages are reported.</param>
    /// <param name="receiveBuffer">Octets the kernel keeps until we read; the default holds thousands of changes.</param>
    /// <exception cref="NetlinkException">The kernel gives no such socket.</exception>
    public static NetworkFollower Open(ILogger<NetworkFollower> logger, int receiveBuffer = 1 << 20)
    {
        var events = NetlinkSocket.Open(RouteNetlink.Protocol, s_groups);
        events.ReceiveBuffer = receiveBuffer;
        return new NetworkFollower(logger, RouteNetlink.Open(), events);
    }

    /// <summary>What is so, <see cref="NetworkChange.Synchronised"/>, then what changes. It ends only by the token. Call it once.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<NetworkChange> FollowAsync([EnumeratorCancellation] CancellationToken token)
    {
        foreach (var change in Resynchronise())
        {
            yield return change;
        }

        while (true)
        {
            IReadOnlyList<NetworkChange> changes;
            if (await _events.ReceiveAsync(token) is { } datagram)
            {
                changes = Read(datagram.Span);
            }
            else
            {
                LogMessagesLost();
                changes = Resynchronise();
            }

            foreach (var change in changes)
            {
                yield return change;
            }
        }
    }

    public void Dispose()
    {
        _events.Dispose();
        _questions.Dispose();
    }

    private List<NetworkChange> Resynchronise() =>
    [
        .. _told.Difference(_questions.Links(), _questions.Neighbours(), _questions.Addresses()),
        new NetworkChange.RoutesChanged(),
        new NetworkChange.Synchronised(),
    ];

    private List<NetworkChange> Read(ReadOnlySpan<byte> datagram)
    {
        var changes = new List<NetworkChange>();
        var messages = new NetlinkMessages(datagram);
        while (messages.MoveNext())
        {
            if (Read(messages.Type, messages.Body) is { } change && _told.Apply(change))
            {
                changes.Add(change);
            }
        }

        return changes;
    }

    private static NetworkChange? Read(ushort type, ReadOnlySpan<byte> body) => type switch
    {
        RouteMessages.NewLink => RouteMessages.Link(body) is { } link ? new NetworkChange.LinkIs(link) : null,
        RouteMessages.DeleteLink => RouteMessages.Link(body) is { } link ? new NetworkChange.LinkGone(link) : null,
        RouteMessages.NewNeighbour => RouteMessages.Neighbour(body) is { } it ? new NetworkChange.NeighbourIs(it) : null,
        RouteMessages.DeleteNeighbour =>
            RouteMessages.Neighbour(body) is { } it ? new NetworkChange.NeighbourGone(it.Interface, it.Address) : null,
        RouteMessages.NewAddress => RouteMessages.InterfaceAddress(body) is { } it ? new NetworkChange.AddressIs(it) : null,
        RouteMessages.DeleteAddress => RouteMessages.InterfaceAddress(body) is { } it ? new NetworkChange.AddressGone(it) : null,
        RouteMessages.NewRoute or RouteMessages.DeleteRoute or RouteMessages.NewRule or RouteMessages.DeleteRule => new NetworkChange.RoutesChanged(),
        _ => null,
    };

    [LoggerMessage(1500, LogLevel.Warning, "The kernel lost netlink messages because they were read too slowly; listing everything again")]
    private partial void LogMessagesLost();
}
