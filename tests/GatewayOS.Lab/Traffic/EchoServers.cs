using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>The servers of flows, each once: they send back every datagram, and whatever comes by a connection until the client closes it.</summary>
internal sealed class EchoServers : IAsyncDisposable
{
    public const int Port = 7000;

    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _serving = [];

    private EchoServers()
    {
    }

    public static EchoServers Open(LabNetwork lab, IEnumerable<(Flow Flow, Protocol Protocol)> conversations)
    {
        var servers = new EchoServers();
        foreach (var (end, protocol) in conversations.SelectMany(one => one.Flow.Servers.Select(end => (end, one.Protocol))).Distinct())
        {
            if (protocol == Protocol.Udp)
            {
                servers._serving.Add(ServeDatagramsAsync(Bind(lab, end, SocketType.Dgram, ProtocolType.Udp), servers._end.Token));
            }
            else if (protocol == Protocol.Tcp)
            {
                var listener = Bind(lab, end, SocketType.Stream, ProtocolType.Tcp);
                listener.Listen();
                servers._serving.Add(ServeConnectionsAsync(listener, servers._end.Token));
            }
        }

        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_serving);
        _end.Dispose();
    }

    private static Socket Bind(LabNetwork lab, FlowEnd end, SocketType type, ProtocolType protocol)
    {
        var socket = lab.Inside(end.Node, () => new Socket(end.Address.AddressFamily, type, protocol));
        if (type == SocketType.Stream)
        {
            // Connections that were closed a moment ago keep the port otherwise.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        }

        socket.Bind(new IPEndPoint(end.Address, Port));
        return socket;
    }

    private static async Task ServeDatagramsAsync(Socket server, CancellationToken token)
    {
        using var _ = server;
        var buffer = new byte[2048];
        var anyone = new IPEndPoint(server.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var got = await server.ReceiveFromAsync(buffer, SocketFlags.None, anyone, token);
                await server.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), SocketFlags.None, got.RemoteEndPoint, token);
            }
        }
        catch (OperationCanceledException)
        {
            // The clients are done.
        }
    }

    private static async Task ServeConnectionsAsync(Socket listener, CancellationToken token)
    {
        using var _ = listener;
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await listener.AcceptAsync(token), token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private static async Task ServeAsync(Socket connection, CancellationToken token)
    {
        using var _ = connection;
        connection.NoDelay = true;
        var buffer = new byte[2048];
        try
        {
            while (await connection.ReceiveAsync(buffer, token) is > 0 and var size)
            {
                await connection.SendAsync(buffer.AsMemory(0, size), token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client sees it, and counts.
        }
    }
}
