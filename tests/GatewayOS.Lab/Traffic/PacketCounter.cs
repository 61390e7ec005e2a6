using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Counts the IP packets between a node and one remote address, as they pass the node's link, see packet(7).</summary>
/// <remarks>Neighbour discovery does not count: it belongs to the link, not to the traffic.</remarks>
internal sealed class PacketCounter : IAsyncDisposable
{
    private const int EtherTypeAll = 0x0003, EtherTypeIPv4 = 0x0800, EtherTypeIPv6 = 0x86dd;
    private const byte PacketOutgoing = 4, PacketHost = 0;
    private const int ReceiveBuffer = 4 << 20;

    private readonly Socket _socket;
    private readonly byte[] _remote;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private long _sent;
    private long _received;

    private PacketCounter(Socket socket, IPAddress remote)
    {
        _socket = socket;
        _remote = remote.GetAddressBytes();
        _loop = CountAsync();
    }

    public TrafficCount Count => new(Interlocked.Read(ref _sent), Interlocked.Read(ref _received));

    /// <param name="lab">Where the node is.</param>
    /// <param name="node">The node to listen at.</param>
    /// <param name="remote">The other end's address as this node sees it.</param>
    public static PacketCounter Open(LabNetwork lab, string node, IPAddress remote)
    {
        // The protocol is in network order. Nodes have one link besides the loopback, so the socket need not be bound to it.
        var socket = lab.Inside(node, () => new Socket(
            AddressFamily.Packet, SocketType.Raw, (ProtocolType)BinaryPrimitives.ReverseEndianness((short)EtherTypeAll)));
        socket.ReceiveBufferSize = ReceiveBuffer;
        return new PacketCounter(socket, remote);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task CountAsync()
    {
        var buffer = new byte[2048];
        var from = new SocketAddress(AddressFamily.Packet, SocketAddress.GetMaximumAddressSize(AddressFamily.Packet));
        try
        {
            while (true)
            {
                // Each call leaves the size of what it filled in.
                from.Size = SocketAddress.GetMaximumAddressSize(AddressFamily.Packet);
                var size = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _end.Token);
                Take(buffer.AsSpan(0, size), from.Buffer.Span);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: the count is final.
        }
    }

    /// <summary>struct sockaddr_ll: family 16, protocol 16, link index 32, hardware type 16, packet type 8 ...</summary>
    private void Take(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> address)
    {
        if (frame.Length < 54)
        {
            return;
        }

        var packetType = address[10];
        if (packetType == PacketOutgoing && IsTheirs(frame, sourceFirst: false))
        {
            Interlocked.Increment(ref _sent);
        }
        else if (packetType == PacketHost && IsTheirs(frame, sourceFirst: true))
        {
            Interlocked.Increment(ref _received);
        }
    }

    private bool IsTheirs(ReadOnlySpan<byte> frame, bool sourceFirst)
    {
        const int ethernet = 14, icmpVersion6 = 58, routerSolicitation = 133, redirect = 137;
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case EtherTypeIPv4:
                return frame.Slice(ethernet + (sourceFirst ? 12 : 16), 4).SequenceEqual(_remote);
            case EtherTypeIPv6:
                var isDiscovery = frame[ethernet + 6] == icmpVersion6 && frame[ethernet + 40] is >= routerSolicitation and <= redirect;
                return !isDiscovery && frame.Slice(ethernet + (sourceFirst ? 8 : 24), 16).SequenceEqual(_remote);
            default:
                return false;
        }
    }
}
