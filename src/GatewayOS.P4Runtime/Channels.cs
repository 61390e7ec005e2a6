using System.Net.Sockets;
using Grpc.Net.Client;

namespace GatewayOS.P4Runtime;

/// <summary>Opens gRPC channels in clear text (HTTP/2 with prior knowledge) over TCP or a Unix socket.</summary>
internal static class Channels
{
    private const string UnixScheme = "unix:";

    /// <param name="remote"><c>host:port</c> or <c>unix:/path</c>.</param>
    /// <exception cref="FormatException">The address has neither form.</exception>
    public static GrpcChannel Open(string remote)
    {
        var handler = new SocketsHttpHandler
        {
            // A device that died without a word is noticed in ten seconds.
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            EnableMultipleHttp2Connections = true,
        };
        var authority = remote;
        if (remote.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            var path = remote[UnixScheme.Length..];
            authority = "localhost";
            handler.ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        if (!Uri.TryCreate($"http://{authority}", UriKind.Absolute, out var address) || address.PathAndQuery != "/")
        {
            throw new FormatException($"'{remote}' is neither host:port nor unix:/path");
        }

        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            // A full read of the tables and the program itself exceed the default of 4 MiB.
            MaxReceiveMessageSize = null,
        });
    }
}
