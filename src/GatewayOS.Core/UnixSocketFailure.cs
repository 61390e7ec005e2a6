using System.Net.Sockets;

namespace GatewayOS.Core;

/// <summary>Why the socket of a daemon on this host cannot be reached, in words of the operator's.</summary>
public static class UnixSocketFailure
{
    /// <remarks>.NET calls a file that is not there "Cannot assign requested address", and one that nobody listens at any more "Connection refused".</remarks>
    public static string Describe(SocketException failure) =>
        failure.SocketErrorCode == SocketError.AddressNotAvailable ? "there is no such socket, so the daemon is not running, or is told another path"
        : failure.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens at the socket: the daemon has ended"
        : failure.Message;
}
