using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>UDP: the client sends so many datagrams, the server sends each back.</summary>
internal static class Datagrams
{
    private const int Port = 7000;
    private const int Size = 200;

    /// <returns>Answers that came.</returns>
    public static async Task<int> RunAsync(LabNetwork lab, Flow flow, Schedule schedule, CancellationToken token)
    {
        using var server = Open(lab, flow.Server, flow.ServerAddress, Port);
        using var client = Open(lab, flow.Client, flow.ClientAddress, 0);
        await client.ConnectAsync(new IPEndPoint(flow.ServerSeenAs, Port), token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        var echo = EchoAsync(server, end.Token);
        var (answers, message) = (0, new byte[Size]);
        for (var sent = 1; schedule.Allows(sent); sent++)
        {
            message[0] = (byte)sent;
            await client.SendAsync(message, token);
            answers += await AnswerAsync(client, (byte)sent, schedule.Patience, token) ? 1 : 0;
            await Task.Delay(schedule.Pause, TimeProvider.System, token);
        }

        await end.CancelAsync();
        await echo;
        return answers;
    }

    private static Socket Open(LabNetwork lab, string node, IPAddress address, int port)
    {
        var socket = lab.Inside(node, () => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private static async Task EchoAsync(Socket server, CancellationToken token)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var got = await server.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(
                    server.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0), token);
                await server.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), SocketFlags.None, got.RemoteEndPoint, token);
            }
        }
        catch (OperationCanceledException)
        {
            // The client is done.
        }
    }

    private static async Task<bool> AnswerAsync(Socket client, byte number, TimeSpan patience, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(patience);
        var buffer = new byte[2048];
        try
        {
            while (await client.ReceiveAsync(buffer, deadline.Token) != Size || buffer[0] != number)
            {
                // A late answer to an earlier one.
            }

            return true;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return false;
        }
        catch (SocketException)
        {
            // An ICMP error came back: the datagram did not arrive.
            return false;
        }
    }
}
