using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using GatewayOS.Connections;
using GatewayOS.Control.Running;
using GatewayOS.Control.Supervision;
using GatewayOS.Control.Tracking;
using GatewayOS.Lab.Running;
using GatewayOS.Linux.Conntrack;
using GatewayOS.Linux.Namespaces;
using Microsoft.Extensions.Logging.Abstractions;

namespace GatewayOS.Benchmarks.Connections;

/// <summary>How long it takes from the first reply to a connection until both of its directions are written: with the kernel's conntrack, on a device that costs nothing.</summary>
/// <remarks>
/// <code>
///   peer: a host outside  --- veth ---  inside: netfilter in the place of kernel OVS: the floating IP's zone, its DNAT, and no more events than OVS asks for
/// </code>
/// </remarks>
internal sealed class ReplyDelays(FloatingIp nat, TimeProvider time)
{
    private const int Port = 7, FirstPort = 10_000;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3), s_patience = TimeSpan.FromSeconds(10);
    private static readonly IPAddress s_outside = IPAddress.Parse("198.18.0.2");

    private readonly ConcurrentDictionary<ushort, (int Directions, long Written)> _written = [];

    /// <returns>A sentence.</returns>
    /// <exception cref="TimeoutException">A connection is not written.</exception>
    public async Task<string> MeasureAsync(int count, CancellationToken token)
    {
        await LabRun.RemoveLeftoversAsync();
        await using var run = LabRun.Create();
        var (inside, peer) = ($"{run.Name}-inside", $"{run.Name}-peer");
        await BuildAsync(inside, peer, token);
        using var follower = In(inside, () => ConntrackFollower.Open(new ConntrackFollowerOptions(), time, NullLogger<ConntrackFollower>.Instance));
        using var keepAlive = new KernelKeepAlive(In(inside, ConntrackNetlink.Open), In(inside, () => KernelTimeouts.Read()));
        using var server = In(inside, () => Bound(new IPEndPoint(AddressOf(nat.Inside), Port)));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task[] work = [OffloadAsync(follower, keepAlive, stopping.Token), EchoAsync(server, stopping.Token)];
        var replies = new Dictionary<ushort, long>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var port = checked((ushort)(FirstPort + i));
                replies.Add(port, await ExchangeAsync(peer, port, token));
                await Task.Delay(s_pause, time, token);
            }

            await UntilWrittenAsync(replies, work, token);
        }
        finally
        {
            await stopping.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        TimeSpan[] delays = [.. replies.Select(reply => time.GetElapsedTime(reply.Value, _written[reply.Key].Written)).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"From the first reply to both directions written, {delays.Length:N0} connections of the kernel's conntrack: median {delays[delays.Length / 2].TotalMilliseconds:N1} ms, p99 {delays[delays.Length * 99 / 100].TotalMilliseconds:N1} ms, longest {delays[^1].TotalMilliseconds:N1} ms.");
    }

    // OVS_CT_EVENTMASK_DEFAULT, without mark and label, which nobody changes here: nothing tells of an answer.
    private async Task BuildAsync(string inside, string peer, CancellationToken token)
    {
        await Tool.IpAsync(null, [$"netns add {inside}", $"netns add {peer}"], token);
        await Tool.IpAsync(inside, [$"link add one type veth peer name two netns {peer}", "link set lo up", "link set one up", "addr add 198.18.0.1/15 dev one", $"addr add {AddressOf(nat.Inside)}/32 dev lo"], token);
        await Tool.IpAsync(peer, ["link set two up", $"addr add {s_outside}/15 dev two", $"route add {AddressOf(nat.Outside)}/32 via 198.18.0.1"], token);
        await Tool.RunAsync(inside, "nft", ["-f", "-"], $$"""
            table ip tracked {
                chain received { type filter hook prerouting priority raw; iifname "one" ct zone set {{nat.Zone}}; }
                chain sent { type filter hook output priority raw; oifname "one" ct zone set {{nat.Zone}}; }
                chain told { type filter hook prerouting priority mangle; ct event set new,related,destroy; }
                chain translated { type nat hook prerouting priority dstnat; ip daddr {{AddressOf(nat.Outside)}} dnat to {{AddressOf(nat.Inside)}}; }
            }
            """, token: token);
    }

    // The agent's rounds, see GatewayControl.
    private async Task OffloadAsync(ConntrackFollower follower, KernelKeepAlive keepAlive, CancellationToken token)
    {
        using var changed = new Signal();
        var news = Channel.CreateUnbounded<ConnectionNews>();
        var keeper = new ConnectionKeeper(nat.Compiler.Connections, new OffloadOptions());
        var device = new UncountedDevice(Written);
        var following = FollowAsync();
        while (!following.IsFaulted)
        {
            await changed.WaitAsync(token);
            await Task.Delay(GatewayControl.Gathering, time, token);
            while (news.Reader.TryRead(out var one))
            {
                keeper.Apply(one);
            }

            keeper.Follow(nat.Zones);
            keeper.Evaluate();
            await keeper.Writer.WithdrawAsync(device, token);
            await keeper.Writer.WriteAsync(device, _ => true, PrepareAsync, int.MaxValue, token);
            if (keeper.HasMore)
            {
                changed.Set();
            }
        }

        await following;

        async Task FollowAsync()
        {
            await foreach (var one in follower.FollowAsync(token))
            {
                news.Writer.TryWrite(one);
                changed.Set();
            }
        }

        async Task<bool> PrepareAsync(Compiler.Tracking.TrackedPackets packets)
        {
            foreach (var connection in keeper.ConnectionsOf(packets))
            {
                if (!await keepAlive.PrepareAsync(connection, token))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private void Written(ConnectionTuple tuple) => _written.AddOrUpdate(
        tuple.Source == nat.Inside ? tuple.DestinationPort : tuple.SourcePort,
        _ => (1, time.GetTimestamp()),
        (_, before) => (before.Directions + 1, before.Directions < 2 ? time.GetTimestamp() : before.Written));

    private static async Task EchoAsync(Socket server, CancellationToken token)
    {
        var octets = new byte[64];
        while (true)
        {
            var received = await server.ReceiveFromAsync(octets, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), token);
            await server.SendToAsync(octets.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint, token);
        }
    }

    private async Task<long> ExchangeAsync(string peer, ushort port, CancellationToken token)
    {
        using var client = In(peer, () => Bound(new IPEndPoint(s_outside, port)));
        await client.SendToAsync(new byte[] { 1 }, SocketFlags.None, new IPEndPoint(AddressOf(nat.Outside), Port), token);
        await client.ReceiveAsync(new byte[1], SocketFlags.None, token).AsTask().WaitAsync(s_patience, time, token);
        return time.GetTimestamp();
    }

    private async Task UntilWrittenAsync(Dictionary<ushort, long> replies, Task[] work, CancellationToken token)
    {
        var start = time.GetTimestamp();
        while (replies.Keys.Count(port => _written.TryGetValue(port, out var written) && written.Directions >= 2) is var done && done < replies.Count)
        {
            if (Array.Find(work, task => task.IsFaulted) is { } failed)
            {
                await failed;
            }

            if (time.GetElapsedTime(start) > s_patience)
            {
                throw new TimeoutException($"{done} of {replies.Count} connections are written");
            }

            await Task.Delay(s_pause, time, token);
        }
    }

    private static T In<T>(string network, Func<T> function) => NetworkNamespace.Run(NetworkNamespace.PathOf(network), function);

    private static Socket Bound(IPEndPoint local)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(local);
        return socket;
    }

    private static IPAddress AddressOf(UInt128 address)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)address);
        return new IPAddress(octets);
    }
}
