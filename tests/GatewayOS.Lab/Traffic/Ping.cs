using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>ICMP and ICMPv6 echo (RFC 792, RFC 4443 §4), so many requests; the other end's kernel answers.</summary>
internal static class Ping
{
    private const int HeaderSize = 8, PayloadSize = 56;
    private const int IPv4HeaderSize = 20;

    /// <summary>Sends each request when the last was answered or given up.</summary>
    /// <returns>Answers that came.</returns>
    public static async Task<int> RunAsync(LabNetwork lab, Flow flow, Schedule schedule, CancellationToken token)
    {
        var family = flow.ClientAddress.AddressFamily;
        using var socket = lab.Inside(flow.Client, () =>
            new Socket(family, SocketType.Raw, flow.IsIPv6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
        socket.Bind(new IPEndPoint(flow.ClientAddress, 0));
        await socket.ConnectAsync(new IPEndPoint(flow.ServerSeenAs, 0), token);
        var identifier = (ushort)Environment.TickCount64;
        var answers = 0;
        for (var sent = 1; schedule.Allows(sent); sent++)
        {
            var sequence = (ushort)sent;
            await socket.SendAsync(Request(flow.IsIPv6, identifier, sequence), token);
            answers += await AnswerAsync(socket, flow.IsIPv6, identifier, sequence, schedule.Patience, token) ? 1 : 0;
            await Task.Delay(schedule.Pause, TimeProvider.System, token);
        }

        return answers;
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
