using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>ICMP and ICMPv6 echo (RFC 792, RFC 4443 §4) with one identifier; the other end's kernel answers.</summary>
internal sealed class Ping : IConversation
{
    private const int HeaderSize = 8, PayloadSize = 56;
    private const int IPv4HeaderSize = 20;

    private static int s_identifier = Environment.TickCount;

    private readonly Socket _socket;
    private readonly bool _isIPv6;
    private readonly ushort _identifier = (ushort)Interlocked.Increment(ref s_identifier);
    private ushort _sequence;

    private Ping(Socket socket, bool isIPv6) => (_socket, _isIPv6) = (socket, isIPv6);

    public static async Task<Ping> OpenAsync(LabNetwork lab, Flow flow, CancellationToken token)
    {
        var socket = lab.Inside(flow.Client, () => new Socket(
            flow.ClientAddress.AddressFamily, SocketType.Raw, flow.IsIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
        socket.Bind(new IPEndPoint(flow.ClientAddress, 0));
        await socket.ConnectAsync(new IPEndPoint(flow.ServerSeenAs, 0), token);
        return new Ping(socket, flow.IsIPv6);
    }

    public async Task<bool> ExchangeAsync(TimeSpan patience, CancellationToken token)
    {
        _sequence++;
        await _socket.SendAsync(Request(_isIPv6, _identifier, _sequence), token);
        return await AnswerAsync(_socket, _isIPv6, _identifier, _sequence, patience, token);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Request(bool isIPv6, ushort identifier, ushort sequence)
    {
        var message = new byte[HeaderSize + PayloadSize];
        message[0] = isIPv6 ? (byte)128 : (byte)8;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        if (!isIPv6)
        {
            // The kernel fills in the checksum of ICMPv6 only (RFC 3542 §3.1).
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        }

        return message;
    }

    private static async Task<bool> AnswerAsync(
        Socket socket, bool isIPv6, ushort identifier, ushort sequence, TimeSpan patience, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(patience);
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var size = await socket.ReceiveAsync(buffer, deadline.Token);
                // A raw IPv4 socket hands over the IP header too, an IPv6 one does not.
                var start = isIPv6 ? 0 : IPv4HeaderSize;
                if (size >= start + HeaderSize && IsAnswer(buffer.AsSpan(start), isIPv6, identifier, sequence))
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool IsAnswer(ReadOnlySpan<byte> message, bool isIPv6, ushort identifier, ushort sequence) =>
        message[0] == (isIPv6 ? 129 : 0)
        && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == identifier
        && BinaryPrimitives.ReadUInt16BigEndian(message[6..]) == sequence;

    /// <summary>RFC 1071.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> message)
    {
        var sum = 0u;
        for (var i = 0; i < message.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(message[i..]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
