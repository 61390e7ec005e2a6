using System.Net;
using System.Net.Sockets;
using GatewayOS.Core;
using Grpc.Net.Client;

namespace GatewayOS.P4Runtime;

/// <summary>Opens gRPC channels in clear text (HTTP/2 with prior knowledge) over TCP or a Unix socket.</summary>
internal static class Channels
{
    private const string UnixScheme = "unix:";

    // A host that died without a word is noticed in eleven seconds.
    private const int ProbeAfterSeconds = 5, ProbeEverySeconds = 2, Probes = 3;

    // TCP_USER_TIMEOUT of tcp(7): as long for what is sent and not acknowledged, which no probe is sent for.
    private const int TcpLevel = 6, TcpUserTimeout = 18, UnacknowledgedMilliseconds = 1000 * (ProbeAfterSeconds + Probes * ProbeEverySeconds);

    // A process that does not answer takes longer: gRPC servers hang up on who pings them more often than every five minutes without data (GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS).
    private static readonly TimeSpan s_pingDelay = TimeSpan.FromMinutes(6), s_pingTimeout = TimeSpan.FromSeconds(20);

    /// <param name="remote"><c>host:port</c> or <c>unix:/path</c>.</param>
    /// <exception cref="FormatException">The address has neither form.</exception>
    public static GrpcChannel Open(string remote)
    {
        var path = remote.StartsWith(UnixScheme, StringComparison.Ordinal) ? remote[UnixScheme.Length..] : null;
        if (!Uri.TryCreate($"http://{(path is null ? remote : "localhost")}", UriKind.Absolute, out var address) || address.PathAndQuery != "/")
        {
            throw new FormatException($"'{remote}' is neither host:port nor unix:/path");
        }

        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                KeepAlivePingDelay = s_pingDelay,
                KeepAlivePingTimeout = s_pingTimeout,
                EnableMultipleHttp2Connections = true,
                ConnectCallback = async (context, token) => path is null
                    ? await ConnectAsync(Probed(new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }), context.DnsEndPoint, token)
                    : await ConnectAsync(path, token),
            },
            DisposeHttpClient = true,
            // A full read of the tables and the program itself exceed the default of 4 MiB.
            MaxReceiveMessageSize = null,
        });
    }

    private static Socket Probed(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeEverySeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UnacknowledgedMilliseconds));
        return socket;
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken token)
    {
        try
        {
            return await ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path), token);
        }
        catch (SocketException failure)
        {
            throw new IOException(UnixSocketFailure.Describe(failure), failure);
        }
    }

    private static async Task<Stream> ConnectAsync(Socket socket, EndPoint remote, CancellationToken token)
    {
        try
        {
            await socket.ConnectAsync(remote, token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
