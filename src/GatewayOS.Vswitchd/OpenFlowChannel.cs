using System.Buffers.Binary;
using System.Net.Sockets;
using GatewayOS.Core;

namespace GatewayOS.Vswitchd;

/// <summary>The management socket of a bridge (<c>BRIDGE.mgmt</c>), for the one thing that needs it: packets that the connection tracker shall see.</summary>
/// <remarks>OpenFlow 1.0, 5.1 (header), 5.3.6 (packet-out); the action <c>ct</c> is NXAST_CT (include/openflow/nicira-ext.h of Open vSwitch).</remarks>
public sealed class OpenFlowChannel : IDisposable
{
    private const byte Version = 1, Hello = 0, Error = 1, EchoRequest = 2, EchoReply = 3, PacketOut = 13;
    private const int HeaderLength = 8, ActionLength = 24, PacketOutLength = 16;
    private const uint NoBuffer = 0xffff_ffff, NiciraVendor = 0x2320;
    private const ushort NoPort = 0xffff, Vendor = 0xffff, ConntrackSubtype = 35;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    private OpenFlowChannel(string path) => _path = path;

    /// <exception cref="UnixctlException">Nobody listens there.</exception>
    public static async Task<OpenFlowChannel> ConnectAsync(string path, CancellationToken token)
    {
        var channel = new OpenFlowChannel(path);
        try
        {
            await channel._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
            await channel.SendAsync(Hello, [], token);
            return channel;
        }
        catch (SocketException failure)
        {
            channel.Dispose();
            throw new UnixctlException(path, "hello", UnixSocketFailure.Describe(failure), failure);
        }
    }

    /// <summary>Shows frames to the tracker; they leave by no port.</summary>
    /// <param name="frames">Each with the zone.</param>
    /// <param name="token">Ends the wait.</param>
    /// <exception cref="UnixctlException">The bridge refuses, or is gone.</exception>
    public async Task TrackAsync(IEnumerable<(ushort Zone, byte[] Frame)> frames, CancellationToken token)
    {
        try
        {
            foreach (var (zone, frame) in frames)
            {
                await SendAsync(PacketOut, Body(zone, frame), token);
            }

            await ReadAsync(token);
        }
        catch (SocketException failure)
        {
            throw new UnixctlException(_path, "packet-out", failure.Message, failure);
        }
    }

    public void Dispose() => _socket.Dispose();

    // What the bridge said meanwhile: it wants its echo requests answered, and tells what it refuses.
    private async Task ReadAsync(CancellationToken token)
    {
        await SendAsync(EchoRequest, [], token);
        while (true)
        {
            var header = await ReadAsync(HeaderLength, token);
            var body = await ReadAsync(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) - HeaderLength, token);
            switch (header[1])
            {
                case EchoReply:
                    return;
                case EchoRequest:
                    await SendAsync(EchoReply, body, token);
                    break;
                case Error:
                    throw new UnixctlException(_path, "packet-out", $"the bridge refuses: {Convert.ToHexString(body)}");
                default:
                    break;
            }
        }
    }

    private async Task<byte[]> ReadAsync(int length, CancellationToken token)
    {
        var octets = new byte[length];
        for (var have = 0; have < length;)
        {
            var read = await _socket.ReceiveAsync(octets.AsMemory(have), token);
            have += read > 0 ? read : throw new UnixctlException(_path, "packet-out", "the bridge closed the connection");
        }

        return octets;
    }

    private async Task SendAsync(byte type, byte[] body, CancellationToken token)
    {
        var message = new byte[HeaderLength + body.Length];
        (message[0], message[1]) = (Version, type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)message.Length);
        body.CopyTo(message, HeaderLength);
        for (var sent = 0; sent < message.Length;)
        {
            sent += await _socket.SendAsync(message.AsMemory(sent), token);
        }
    }

    private static byte[] Body(ushort zone, byte[] frame)
    {
        var body = new byte[PacketOutLength - HeaderLength + ActionLength + frame.Length];
        BinaryPrimitives.WriteUInt32BigEndian(body, NoBuffer);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(4), NoPort);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(6), ActionLength);
        var action = body.AsSpan(8, ActionLength);
        BinaryPrimitives.WriteUInt16BigEndian(action, Vendor);
        BinaryPrimitives.WriteUInt16BigEndian(action[2..], ActionLength);
        BinaryPrimitives.WriteUInt32BigEndian(action[4..], NiciraVendor);
        BinaryPrimitives.WriteUInt16BigEndian(action[8..], ConntrackSubtype);
        // Flags 0: nothing is committed; zone_src 0: the zone is a number; recirc_table 255: no other table follows.
        BinaryPrimitives.WriteUInt16BigEndian(action[16..], zone);
        action[18] = 0xff;
        frame.CopyTo(body, PacketOutLength - HeaderLength + ActionLength);
        return body;
    }
}
