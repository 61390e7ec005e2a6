using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GatewayOS.Linux.Netlink;

/// <summary>A socket to one kernel subsystem, in the network namespace of the thread that opens it.</summary>
/// <remarks>
/// .NET cannot make one itself (it takes 16, AF_NETLINK, for AppleTalk), but it can use one: receiving, cancelling and raw
/// options work on the handle.
/// </remarks>
internal sealed partial class NetlinkSocket : IDisposable
{
    private const int AddressFamilyNetlink = 16;
    private const int SocketRaw = 3;
    private const int CloseOnExec = 0x80000;
    private const int LevelNetlink = 270;
    private const int LevelSocket = 1;
    private const int OptionForceReceiveBuffer = 33;
    private const int OptionAddMembership = 1;
    private const int OptionDropMembership = 2;
    private const int OptionCapAck = 10;
    private const int OptionExtendedAck = 11;
    private const int NetlinkError = 2;
    private const int NetlinkDone = 3;
    private const int BodyOfError = 20;
    private const ushort AttributeMessage = 1;

    /// <summary>The kernel fills at most 32 KiB a datagram; a shorter buffer would cut it off.</summary>
    private const int BufferSize = 64 * 1024;

    private readonly Socket _socket;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private readonly Lock _lock = new();
    private uint _sequence;

    private NetlinkSocket(Socket socket) => _socket = socket;

    /// <summary>What is done with one message of an answer.</summary>
    public delegate void MessageHandler(ushort type, ReadOnlySpan<byte> body);

    /// <summary>What one message is read as; null for one that is of no interest.</summary>
    public delegate T? MessageReader<T>(ReadOnlySpan<byte> body)
        where T : class;

    /// <param name="protocol">The subsystem, such as NETLINK_ROUTE (0).</param>
    /// <param name="groups">Multicast groups whose messages it receives.</param>
    public static NetlinkSocket Open(int protocol, params ReadOnlySpan<int> groups)
    {
        var descriptor = CreateSocket(AddressFamilyNetlink, SocketRaw | CloseOnExec, protocol);
        if (descriptor < 0)
        {
            throw new NetlinkException(Marshal.GetLastPInvokeError(), $"open a netlink socket of protocol {protocol}");
        }

        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            // struct sockaddr_nl: family, padding, port (0: the kernel chooses), groups.
            Span<byte> address = stackalloc byte[12];
            address.Clear();
            MemoryMarshal.Write(address, (ushort)AddressFamilyNetlink);
            if (Bind(handle, address, address.Length) != 0)
            {
                throw new NetlinkException(Marshal.GetLastPInvokeError(), "bind a netlink socket");
            }

            var socket = new Socket(handle);
            SetOption(socket, OptionCapAck, 1);
            SetOption(socket, OptionExtendedAck, 1);
            var opened = new NetlinkSocket(socket);
            opened.Join(groups);
            return opened;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Octets of messages the kernel keeps for us; what comes while they are full is lost, which the next receive reports.</summary>
    public int ReceiveBuffer
    {
        set => _socket.ReceiveBufferSize = value;
    }

    /// <summary>The same beyond <c>net.core.rmem_max</c>, which asks for CAP_NET_ADMIN (SO_RCVBUFFORCE).</summary>
    public int ForcedReceiveBuffer
    {
        set => _socket.SetRawSocketOption(LevelSocket, OptionForceReceiveBuffer, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
    }

    /// <summary>A datagram of a multicast group can be received without waiting.</summary>
    public bool HasDatagram => _socket.Poll(0, SelectMode.SelectRead);

    public void Dispose() => _socket.Dispose();

    public void Join(params ReadOnlySpan<int> groups)
    {
        foreach (var group in groups)
        {
            SetOption(_socket, OptionAddMembership, group);
        }
    }

    /// <summary>Leaves the groups and throws away what is waiting to be received, so that what comes after <see cref="Join"/> has no gap.</summary>
    public void LeaveAndForget(params ReadOnlySpan<int> groups)
    {
        foreach (var group in groups)
        {
            SetOption(_socket, OptionDropMembership, group);
        }

        while (HasDatagram)
        {
            try
            {
                _socket.Receive(_buffer);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // That datagrams were lost is known: it is why this is called.
            }
        }
    }

    /// <summary>Sends a request for a dump and reads the answer piece by piece, as the kernel hands it out; nothing else may be asked meanwhile.</summary>
    /// <typeparam name="T">What a message is read as.</typeparam>
    /// <returns>The items of each datagram. What an interrupted dump lists may be incomplete, as a list that changes under the reader.</returns>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IEnumerable<List<T>> Dump<T>(NetlinkRequest request, string what, MessageReader<T> read)
        where T : class
    {
        var sequence = ++_sequence;
        _socket.Send(request.Finish(sequence));
        while (true)
        {
            var items = new List<T>();
            var ended = ReadDump(_buffer.AsSpan(0, _socket.Receive(_buffer)), sequence, what, read, items);
            if (items.Count > 0)
            {
                yield return items;
            }

            if (ended)
            {
                yield break;
            }
        }
    }

    /// <summary>Sends one request and hands over the messages of the answer.</summary>
    /// <remarks>The kernel answers within the system call, so this does not wait.</remarks>
    /// <returns>False when a dump was interrupted by a change and has to be asked for again.</returns>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public bool Exchange(NetlinkRequest request, string what, MessageHandler onMessage)
    {
        lock (_lock)
        {
            var sequence = ++_sequence;
            var message = request.Finish(sequence);
            var several = (MemoryMarshal.Read<ushort>(message.AsSpan(6)) & NetlinkFlags.Dump) == NetlinkFlags.Dump;
            _socket.Send(message);
            var whole = true;
            while (true)
            {
                var answers = new NetlinkMessages(_buffer.AsSpan(0, _socket.Receive(_buffer)));
                while (answers.MoveNext())
                {
                    if (answers.Sequence != sequence)
                    {
                        continue;
                    }

                    whole &= (answers.Flags & NetlinkFlags.DumpInterrupted) == 0;
                    if (answers.Type is NetlinkError or NetlinkDone)
                    {
                        ThrowIfRefused(answers, what);
                        return whole;
                    }

                    onMessage(answers.Type, answers.Body);
                    if (!several)
                    {
                        return true;
                    }
                }
            }
        }
    }

    /// <summary>Waits for the next datagram of the multicast groups.</summary>
    /// <returns>Its octets, valid until the next call; or null when the kernel lost some because we read too slowly.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken token)
    {
        try
        {
            return _buffer.AsMemory(0, await _socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, token));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return null;
        }
    }

    private static bool ReadDump<T>(ReadOnlySpan<byte> datagram, uint sequence, string what, MessageReader<T> read, List<T> items)
        where T : class
    {
        var answers = new NetlinkMessages(datagram);
        while (answers.MoveNext())
        {
            if (answers.Sequence != sequence)
            {
                continue;
            }

            if (answers.Type is NetlinkError or NetlinkDone)
            {
                ThrowIfRefused(answers, what);
                return true;
            }

            if (read(answers.Body) is { } item)
            {
                items.Add(item);
            }
        }

        return false;
    }

    /// <summary>An error and the end of a dump both start with a status: 0, or a negative error number.</summary>
    private static void ThrowIfRefused(NetlinkMessages answer, string what)
    {
        var status = answer.Body.Length >= sizeof(int) ? MemoryMarshal.Read<int>(answer.Body) : 0;
        if (status == 0)
        {
            return;
        }

        string? detail = null;
        if ((answer.Flags & NetlinkFlags.ExplainedError) != 0 && answer.Type == NetlinkError && answer.Body.Length > BodyOfError)
        {
            var attributes = new NetlinkAttributes(answer.Body[BodyOfError..]);
            while (attributes.MoveNext())
            {
                detail = attributes.Type == AttributeMessage ? RouteMessages.Text(attributes.Value) : detail;
            }
        }

        throw new NetlinkException(-status, what, detail);
    }

    private static void SetOption(Socket socket, int option, int value) =>
        socket.SetRawSocketOption(LevelNetlink, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int CreateSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(SafeSocketHandle socket, ReadOnlySpan<byte> address, int size);
}
