using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>TCP: one connection, an exact number of messages that the server sends back, closed by both.</summary>
internal static class Connection
{
    private const int Port = 7000;
    private const int Size = 1000;

    /// <returns>Messages that came back.</returns>
    public static async Task<int> RunAsync(LabNetwork lab, Flow flow, int count, TimeSpan patience, CancellationToken token)
    {
        using var listener = Open(lab, flow.Server, flow.ServerAddress);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(flow.ServerAddress, Port));
        listener.Listen();
        using var client = Open(lab, flow.Client, flow.ClientAddress);
        client.Bind(new IPEndPoint(flow.ClientAddress, 0));
        client.NoDelay = true;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        var echo = EchoAsync(listener, deadline.Token);
        var answers = 0;
        try
        {
            deadline.CancelAfter(patience);
            await client.ConnectAsync(new IPEndPoint(flow.ServerSeenAs, Port), deadline.Token);
            for (; answers < count; answers++)
            {
                deadline.CancelAfter(patience);
                await client.SendAsync(new byte[Size], deadline.Token);
                await ReceiveAsync(client, Size, deadline.Token);
            }

            client.Shutdown(SocketShutdown.Send);
            await ReceiveAsync(client, 1, deadline.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !token.IsCancellationRequested)
        {
            // Too slow, refused or reset: what was answered so far counts.
            await deadline.CancelAsync();
        }

        await echo;
        return answers;
    }

    private static Socket Open(LabNetwork lab, string node, IPAddress address) =>
        lab.Inside(node, () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));

    private static async Task EchoAsync(Socket listener, CancellationToken token)
    {
        try
        {
            using var connection = await listener.AcceptAsync(token);
            connection.NoDelay = true;
            var buffer = new byte[Size];
            while (await ReceiveAsync(connection, Size, token, buffer))
            {
                await connection.SendAsync(buffer, token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client sees it, and counts.
        }
    }

    /// <returns>False when the other end closed first.</returns>
    private static async Task<bool> ReceiveAsync(Socket socket, int size, CancellationToken token, byte[]? into = null)
    {
        into ??= new byte[size];
        for (var have = 0; have < size;)
        {
            var got = await socket.ReceiveAsync(into.AsMemory(have, size - have), token);
            if (got == 0)
            {
                return false;
            }

            have += got;
        }

        return true;
    }
}
