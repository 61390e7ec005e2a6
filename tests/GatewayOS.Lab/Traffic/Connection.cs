using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>TCP: one connection, messages that the server sends back, closed by both.</summary>
internal sealed class Connection : IConversation
{
    private const int Size = 1000;

    // struct tcp_info of linux/tcp.h: tcpi_total_retrans.
    private const int TcpLevel = 6, TcpInfo = 11, TotalRetransmissions = 100;

    private readonly Socket _client;
    private readonly byte[] _buffer = new byte[Size];
    private readonly TimeSpan _patience;
    private bool _isBroken;

    private Connection(Socket client, TimeSpan patience) => (_client, _patience) = (client, patience);

    /// <summary>Connects; one that could not be made is broken, and never answers.</summary>
    public static async Task<Connection> OpenAsync(LabNetwork lab, Flow flow, TimeSpan patience, CancellationToken token)
    {
        var client = lab.Inside(flow.Client, () => new Socket(flow.ClientAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        client.Bind(new IPEndPoint(flow.ClientAddress, 0));
        client.NoDelay = true;
        var connection = new Connection(client, patience);
        await connection.TryAsync(limit => client.ConnectAsync(new IPEndPoint(flow.ServerSeenAs, EchoServers.Port), limit).AsTask(), patience, token);
        return connection;
    }

    /// <summary>Segments that the client sent more than once: it, or its answer, was lost.</summary>
    public int Repeated
    {
        get
        {
            var info = new byte[TotalRetransmissions + sizeof(uint)];
            return _client.GetRawSocketOption(TcpLevel, TcpInfo, info) < info.Length
                ? throw new NotSupportedException("the kernel does not tell how often TCP sent again") : BitConverter.ToInt32(info, TotalRetransmissions);
        }
    }

    public Task<bool> ExchangeAsync(TimeSpan patience, CancellationToken token) => TryAsync(
        async limit =>
        {
            await _client.SendAsync(new byte[Size], limit);
            for (var have = 0; have < Size;)
            {
                var got = await _client.ReceiveAsync(_buffer.AsMemory(have), limit);
                have += got > 0 ? got : throw new SocketException((int)SocketError.ConnectionReset);
            }
        },
        patience,
        token);

    public async ValueTask DisposeAsync()
    {
        await TryAsync(
            async limit =>
            {
                _client.Shutdown(SocketShutdown.Send);
                await _client.ReceiveAsync(_buffer, limit);
            },
            _patience,
            CancellationToken.None);
        _client.Dispose();
    }

    /// <summary>Too slow, refused or reset: nothing can be made of it any more.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> step, TimeSpan patience, CancellationToken token)
    {
        if (_isBroken)
        {
            return false;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(patience);
        try
        {
            await step(deadline.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !token.IsCancellationRequested)
        {
            _isBroken = true;
        }

        return !_isBroken;
    }
}
