using System.Net.Sockets;
using System.Text;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>Stands between a client and a server's Unix socket, listens in, and cuts the connection on demand.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxy");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _server;
    private readonly Task _accepting;
    private readonly StringBuilder _sentByClient = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Socket[] _pair = [];
    private int _sentByServer;
    private bool _cut;

    public Proxy(string server)
    {
        _server = server;
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Remote => $"unix:{Path}";

    /// <summary>All that clients sent since the last cut.</summary>
    public string SentByClient
    {
        get
        {
            lock (_lock)
            {
                return _sentByClient.ToString();
            }
        }
    }

    public int SentByServerSinceCut => Volatile.Read(ref _sentByServer);

    private string Path => System.IO.Path.Combine(_folder.FullName, "sock");

    /// <summary>Cuts what is connected and whoever connects.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _cut = true;
            Array.ForEach(_pair, socket => socket.Dispose());
            _sentByClient.Clear();
            _sentByServer = 0;
        }
    }

    /// <summary>Lets clients through again.</summary>
    public void Mend()
    {
        lock (_lock)
        {
            _cut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        _stopping.Dispose();
        Cut();
        await _accepting;
        _folder.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stopping.Token);
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_server), _stopping.Token);
                lock (_lock)
                {
                    _pair = [client, server];
                    if (_cut)
                    {
                        Array.ForEach(_pair, socket => socket.Dispose());
                        continue;
                    }
                }

                _ = CopyAsync(client, server, Listen, _stopping.Token);
                _ = CopyAsync(server, client, octets => Interlocked.Add(ref _sentByServer, octets.Length), _stopping.Token);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The listener was disposed.
        }

        void Listen(ReadOnlySpan<byte> octets)
        {
            lock (_lock)
            {
                _sentByClient.Append(Encoding.UTF8.GetString(octets));
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Action<ReadOnlySpan<byte>> listen, CancellationToken stopping)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(buffer, stopping) is > 0 and var length)
            {
                listen(buffer.AsSpan(0, length));
                await to.SendAsync(buffer.AsMemory(0, length), stopping);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side was cut; the other notices by itself.
        }
    }
}
