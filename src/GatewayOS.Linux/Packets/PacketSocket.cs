using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Packets;

/// <summary>Frames of one network interface, as packet(7) gives them, in batches.</summary>
/// <remarks>
/// <para>
/// The kernel takes a VLAN tag out of a frame before a socket sees it; here it is put back (PACKET_AUXDATA). Frames that this host sends through
/// the interface are not received (PACKET_IGNORE_OUTGOING, Linux 4.20). The interface is promiscuous while the socket is open.
/// </para>
/// <para>
/// A peer with checksum or segmentation offload (the default of veth) hands over frames with unfinished checksums, or longer than the MTU. They are given as they
/// are; where that matters, offloads have to be off (<c>ethtool -K IF tx off tso off gso off gro off</c>).
/// </para>
/// <para>Receiving belongs to one thread, sending to one at a time.</para>
/// </remarks>
public sealed unsafe partial class PacketSocket : IDisposable
{
    private const int BatchSize = 32;
    private const int MaxFrame = 65536;
    private const int TagSize = 4;
    private const int MacsSize = 12;
    private const int ControlSize = 64;
    private const int LevelPacket = 263;
    private const int StatusVlanValid = 0x10;
    private const int StatusVlanProtocolValid = 0x40;
    private const int DontWait = 0x40;

    private readonly SafeSocketHandle _handle;
    private readonly byte* _memory;
    private readonly MessageHeader* _received;
    private readonly MessageHeader* _queued;
    private readonly byte* _receiveFrames;
    private readonly byte* _sendFrames;
    private int _queuedCount;
    private bool _disposed;

    private PacketSocket(SafeSocketHandle handle, string name, int index)
    {
        (_handle, Interface, Index) = (handle, name, index);
        var frames = (nuint)(BatchSize * (MaxFrame + TagSize));
        var headers = (nuint)(BatchSize * (sizeof(MessageHeader) + sizeof(IoVector)));
        var controls = (nuint)(BatchSize * ControlSize);

        // One block: the kernel writes to it, so it must not move; pages that no frame touches cost nothing.
        _memory = (byte*)NativeMemory.AllocZeroed(2 * frames + 2 * headers + controls);
        _receiveFrames = _memory;
        _sendFrames = _memory + frames;
        _received = (MessageHeader*)(_memory + 2 * frames);
        _queued = _received + BatchSize;
        var vectors = (IoVector*)(_queued + BatchSize);
        var control = (byte*)(vectors + 2 * BatchSize);
        for (var i = 0; i < BatchSize; i++)
        {
            // Room for a tag in front of each frame.
            vectors[i] = new IoVector { Base = _receiveFrames + (nint)i * (MaxFrame + TagSize) + TagSize, Length = MaxFrame };
            _received[i] = new MessageHeader { Vectors = vectors + i, VectorCount = 1, Control = control + i * ControlSize };
            vectors[BatchSize + i] = new IoVector { Base = _sendFrames + (nint)i * (MaxFrame + TagSize) };
            _queued[i] = new MessageHeader { Vectors = vectors + BatchSize + i, VectorCount = 1 };
        }
    }

    /// <summary>Takes a received frame; the octets are valid only during the call.</summary>
    public delegate void FrameHandler(ReadOnlySpan<byte> frame);

    public string Interface { get; }

    /// <summary>The index of the interface, which identifies it as long as it exists.</summary>
    public int Index { get; }

    /// <summary>Frames that could not be sent: too long, or the interface had no room for them.</summary>
    public long SendDrops { get; private set; }

    internal int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>The index of an interface of the network namespace of this thread, 0 if there is none of that name.</summary>
    public static int FindIndex(string name) => (int)NameToIndex(name);

    /// <param name="name">The interface, in the network namespace of this thread.</param>
    /// <exception cref="Win32Exception">There is no such interface, or the caller lacks CAP_NET_RAW.</exception>
    public static PacketSocket Open(string name)
    {
        var index = FindIndex(name);
        if (index == 0)
        {
            throw Failure($"find the interface {name}");
        }

        // AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK; protocol 0 receives nothing before bind.
        var descriptor = CreateSocket(17, 3 | 0x80000 | 0x800, 0);
        if (descriptor < 0)
        {
            throw Failure("open a packet socket");
        }

        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            Set(handle, LevelPacket, 8, 1, "ask for VLAN tags (PACKET_AUXDATA)");
            Set(handle, LevelPacket, 23, 1, "leave out sent frames (PACKET_IGNORE_OUTGOING)");
            Set(handle, 1, 33, 16 << 20, "enlarge the receive buffer (SO_RCVBUFFORCE)");
            Set(handle, 1, 32, 4 << 20, "enlarge the send buffer (SO_SNDBUFFORCE)");

            // struct sockaddr_ll: family, protocol ETH_P_ALL in network order, index.
            Span<byte> address = stackalloc byte[20];
            address.Clear();
            MemoryMarshal.Write(address, (ushort)17);
            BinaryPrimitives.WriteUInt16BigEndian(address[2..], 3);
            MemoryMarshal.Write(address[4..], index);
            if (Bind(handle, address, address.Length) != 0)
            {
                throw Failure($"bind to {name}");
            }

            // struct packet_mreq: index, PACKET_MR_PROMISC, no address.
            Span<byte> membership = stackalloc byte[16];
            membership.Clear();
            MemoryMarshal.Write(membership, index);
            MemoryMarshal.Write(membership[4..], (ushort)1);
            if (SetOption(handle, LevelPacket, 1, membership, membership.Length) != 0)
            {
                throw Failure($"make {name} promiscuous");
            }

            return new PacketSocket(handle, name, index);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Hands over what has arrived, at most a batch.</summary>
    /// <returns>How many frames; 0 when there were none.</returns>
    /// <exception cref="InterfaceDownException">The interface went down or away; reported once for each time.</exception>
    public int Receive(FrameHandler handle)
    {
        for (var i = 0; i < BatchSize; i++)
        {
            _received[i].ControlLength = ControlSize;
        }

        var count = ReceiveMany(_handle, _received, BatchSize, DontWait, null);
        if (count < 0)
        {
            return IsTransient(Marshal.GetLastPInvokeError()) ? 0 : throw Down("receive from");
        }

        for (var i = 0; i < count; i++)
        {
            var frame = (byte*)_received[i].Vectors->Base;
            var length = (int)_received[i].Length;
            if (length >= MacsSize && FindTag(_received + i) is var tag && tag != 0)
            {
                new ReadOnlySpan<byte>(frame, MacsSize).CopyTo(new Span<byte>(frame - TagSize, MacsSize));
                frame -= TagSize;
                length += TagSize;
                BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(frame + MacsSize, TagSize), tag);
            }

            handle(new ReadOnlySpan<byte>(frame, length));
        }

        return count;
    }

    /// <summary>Queues a frame, and sends the queue when it is full.</summary>
    /// <exception cref="InterfaceDownException">The interface is down or gone; the queue is dropped.</exception>
    public void Send(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > MaxFrame)
        {
            SendDrops++;
            return;
        }

        var vector = _queued[_queuedCount].Vectors;
        frame.CopyTo(new Span<byte>(vector->Base, MaxFrame));
        vector->Length = (nuint)frame.Length;
        if (++_queuedCount == BatchSize)
        {
            Flush();
        }
    }

    /// <summary>Sends what is queued.</summary>
    /// <exception cref="InterfaceDownException">The interface is down or gone; the queue is dropped.</exception>
    public void Flush()
    {
        var next = 0;
        var count = _queuedCount;
        _queuedCount = 0;
        while (next < count)
        {
            var sent = SendMany(_handle, _queued + next, (uint)(count - next), DontWait);
            if (sent > 0)
            {
                next += sent;
                continue;
            }

            // The first of the rest cannot be sent; the others may be.
            SendDrops++;
            next++;
            if (!IsTransient(Marshal.GetLastPInvokeError()))
            {
                SendDrops += count - next;
                throw Down("send to");
            }
        }
    }

    /// <summary>Whether the interface exists and is administratively up.</summary>
    public bool IsUp()
    {
        // struct ifreq: a name of 16 octets, then the flags; IFF_UP is 1.
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        System.Text.Encoding.ASCII.GetBytes(Interface, request[..15]);
        return FindIndex(Interface) == Index && GetFlags(_handle, 0x8913, request) == 0 && (MemoryMarshal.Read<short>(request[16..]) & 1) != 0;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _handle.Dispose();
            NativeMemory.Free(_memory);
        }
    }

    /// <summary>The tag (protocol and control information) that the kernel took out of the frame; 0 for none.</summary>
    private static uint FindTag(MessageHeader* message)
    {
        // struct cmsghdr: length, level, type; then struct tpacket_auxdata: status, len, snaplen, mac, net, tci, protocol.
        var control = new ReadOnlySpan<byte>(message->Control, (int)message->ControlLength);
        while (control.Length >= 36)
        {
            var length = (int)MemoryMarshal.Read<nuint>(control);
            if (MemoryMarshal.Read<int>(control[8..]) == LevelPacket && MemoryMarshal.Read<int>(control[12..]) == 8)
            {
                var data = control[16..];
                var status = MemoryMarshal.Read<int>(data);
                var protocol = (status & StatusVlanProtocolValid) != 0 ? MemoryMarshal.Read<ushort>(data[18..]) : (ushort)0x8100;
                return (status & StatusVlanValid) == 0 ? 0 : (uint)protocol << 16 | MemoryMarshal.Read<ushort>(data[16..]);
            }

            control = control[Math.Min((length + 7) & ~7, control.Length)..];
        }

        return 0;
    }

    /// <summary>EAGAIN, EINTR, EINVAL (shorter than a header), EMSGSIZE and ENOBUFS concern the moment or the frame, not the interface.</summary>
    private static bool IsTransient(int error) => error is 11 or 4 or 22 or 90 or 105;

    private InterfaceDownException Down(string action)
    {
        var error = Marshal.GetLastPInvokeError();
        return new InterfaceDownException(Interface, $"cannot {action} {Interface}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static Win32Exception Failure(string action)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"cannot {action}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static void Set(SafeSocketHandle handle, int level, int option, int value, string purpose)
    {
        if (SetOption(handle, level, option, MemoryMarshal.AsBytes(new Span<int>(ref value)), sizeof(int)) != 0)
        {
            throw Failure(purpose);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr on little-endian 64-bit Linux; the last two fields include their padding.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public long Flags;
        public ulong Length;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int CreateSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(SafeSocketHandle handle, ReadOnlySpan<byte> address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeSocketHandle handle, int level, int option, ReadOnlySpan<byte> value, int length);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(SafeSocketHandle handle, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMany(SafeSocketHandle handle, MessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int GetFlags(SafeSocketHandle handle, nuint request, Span<byte> argument);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint NameToIndex(string name);
}
