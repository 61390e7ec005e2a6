using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>UDP: one socket sends datagrams, the server sends each back.</summary>
internal sealed class Datagrams : IConversation
{
    private const int Size = 200;

    private readonly Socket _client;
    private readonly byte[] _message = new byte[Size];
    private readonly byte[] _answer = new byte[2048];

    private Datagrams(Socket client) => _client = client;

    public static async Task<Datagrams> OpenAsync(LabNetwork lab, Flow flow, CancellationToken token)
    {
        var client = lab.Inside(flow.Client, () => new Socket(flow.ClientAddress.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        client.Bind(new IPEndPoint(flow.ClientAddress, 0));
        await client.ConnectAsync(new IPEndPoint(flow.ServerSeenAs, EchoServers.Port), token);
        return new Datagrams(client);
    }

    public async Task<bool> ExchangeAsync(TimeSpan patience, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(patience);
        _message[0]++;
        try
        {
            await _client.SendAsync(_message, deadline.Token);
            while (await _client.ReceiveAsync(_answer, deadline.Token) != Size || _answer[0] != _message[0])
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

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
