using System.Net.Sockets;
using System.Text.Json;
using GatewayOS.Core;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Vswitchd;

/// <summary>Gives commands to a daemon of Open vSwitch by its control socket, as ovs-appctl(8) does (JSON-RPC 1.0, one connection a command).</summary>
/// <param name="socket">Path of the socket, such as <c>/run/openvswitch/ovs-vswitchd.PID.ctl</c>.</param>
/// <param name="maximumReply">Octets of the longest reply that is read; a connection of a dump has about 250.</param>
public sealed class UnixctlClient(string socket, int maximumReply = 256 << 20)
{
    /// <summary>The socket of the daemon that left its process id in a run directory.</summary>
    /// <param name="folder">Such as <c>/run/openvswitch</c>.</param>
    /// <param name="daemon">Such as <c>ovs-vswitchd</c>.</param>
    /// <exception cref="IOException">It does not run there.</exception>
    public static string FindSocket(string folder, string daemon = "ovs-vswitchd") =>
        Path.Combine(folder, $"{daemon}.{File.ReadAllText(Path.Combine(folder, $"{daemon}.pid")).Trim()}.ctl");

    /// <returns>The text it answers.</returns>
    /// <exception cref="UnixctlException">Nobody listens, the reply is no reply or too long, or the daemon refuses.</exception>
    public async Task<string> AskAsync(string command, IEnumerable<string> arguments, CancellationToken token)
    {
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), token);
            await using var stream = new NetworkStream(connection);
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new UnixctlRequest(0, command, [.. arguments]), UnixctlJson.Default.UnixctlRequest), token);
            var reader = new MessageReader(stream, maximumReply);
            Message reply;
            while (!reader.TryTake(out reply))
            {
                if (!await reader.FillAsync(token))
                {
                    throw new UnixctlException(socket, command, "it closed the connection without an answer");
                }
            }

            return reply.Failed
                ? throw new UnixctlException(socket, command, Text(reply.Error).Trim())
                : Text(reply.Result);
        }
        catch (SocketException e)
        {
            throw new UnixctlException(socket, command, UnixSocketFailure.Describe(e), e);
        }
        catch (Exception e) when (e is IOException or FormatException or JsonException)
        {
            throw new UnixctlException(socket, command, e.Message, e);
        }
    }

    private static string Text(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize(json.Span, UnixctlJson.Default.String) ?? throw new FormatException("the reply is null");
}
