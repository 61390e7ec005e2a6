using System.Net;
using System.Net.Sockets;

namespace GatewayOS.Linux.Tests.Conntrack;

/// <summary>
/// Two machines on a link, of which the first tracks its connections: <c>here</c> 192.0.2.1 and 2001:db8::1, <c>there</c> 192.0.2.2 and 2001:db8::2.
/// </summary>
internal sealed class TrackedLink : IDisposable
{
    public const ushort Zone = 7;

    public static readonly IPAddress Here = IPAddress.Parse("192.0.2.1"), There = IPAddress.Parse("192.0.2.2");
    public static readonly IPAddress Here6 = IPAddress.Parse("2001:db8::1"), There6 = IPAddress.Parse("2001:db8::2");

    private readonly List<IDisposable> _open = [];

    /// <param name="rules">More chains for the table that puts everything on the link into <see cref="Zone"/>.</param>
    /// <param name="zone">What the zone depends on.</param>
    public TrackedLink(string rules = "", string zone = "7")
    {
        Inside = TestNamespace.Create();
        _open.Add(Inside);
        Peer = TestNamespace.Create();
        _open.Add(Peer);
        Inside.Ip($"link add one type veth peer name two netns {Peer.Name}\nlink set one up\naddr add 192.0.2.1/24 dev one\naddr add 192.0.2.3/24 dev one\n"
            + "addr add 2001:db8::1/64 dev one nodad");
        Peer.Ip("link set two up\naddr add 192.0.2.2/24 dev two\naddr add 2001:db8::2/64 dev two nodad");
        Inside.Nft($$"""
            table inet tracked {
                chain sent { type filter hook output priority raw; oifname "one" ct zone set {{zone}}; }
                chain received { type filter hook prerouting priority raw; iifname "one" ct zone set {{zone.Replace("dport", "sport", StringComparison.Ordinal)}}; }
                chain use { type filter hook input priority 0; ct state established accept; }
                {{rules}}
            }
            """);
    }

    public TestNamespace Inside { get; }

    public TestNamespace Peer { get; }

    public Socket Bound(bool there, SocketType type, ProtocolType protocol, IPAddress address, int port = 0)
    {
        var socket = (there ? Peer : Inside).Run(() => new Socket(address.AddressFamily, type, protocol));
        _open.Add(socket);
        (socket.SendTimeout, socket.ReceiveTimeout) = (5000, 5000);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    /// <summary>A datagram there, and one back if it is to be answered.</summary>
    public Socket Datagram(int port, bool answer, IPAddress? from = null, IPAddress? to = null)
    {
        to ??= There;
        var here = Bound(there: false, SocketType.Dgram, ProtocolType.Udp, from ?? Here);
        var there = Bound(there: true, SocketType.Dgram, ProtocolType.Udp, to, port);
        here.SendTo([1], new IPEndPoint(to, port));
        if (answer)
        {
            EndPoint sender = new IPEndPoint(to, 0);
            there.ReceiveFrom(new byte[1], ref sender);
            there.SendTo([2], sender);
            here.Receive(new byte[1]);
        }

        return here;
    }

    public (Socket Here, Socket There) Connect(int port)
    {
        var listener = Bound(there: true, SocketType.Stream, ProtocolType.Tcp, There, port);
        listener.Listen();
        var here = Bound(there: false, SocketType.Stream, ProtocolType.Tcp, Here);
        here.Connect(new IPEndPoint(There, port));
        var there = listener.Accept();
        _open.Add(there);
        return (here, there);
    }

    /// <summary>An echo request with this identifier, and its answer.</summary>
    public void Ping(ushort id, bool v6)
    {
        var here = Bound(there: false, SocketType.Raw, v6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp, v6 ? Here6 : Here);
        var to = new IPEndPoint(v6 ? There6 : There, 0);
        byte[] request = [v6 ? (byte)128 : (byte)8, 0, 0, 0, (byte)(id >> 8), (byte)id, 0, 1];
        // Type, code, checksum, identifier, sequence number; of ICMPv6 the kernel fills in the checksum.
        var sum = ~(uint)(0x0800 + id + 1) & 0xffff;
        (request[2], request[3]) = v6 ? ((byte)0, (byte)0) : ((byte)(sum >> 8), (byte)sum);
        here.SendTo(request, to);
        var answer = new byte[128];
        int size;
        do
        {
            size = here.Receive(answer);
        }
        while (answer[v6 ? 0 : size - 8] != (v6 ? 129 : 0));
    }

    /// <summary>An IPv4 packet of any protocol there.</summary>
    public void SendPacket(byte protocol, ReadOnlySpan<byte> payload)
    {
        // The kernel fills in length, identification and checksum (raw(7)).
        byte[] header = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, .. Here.GetAddressBytes(), .. There.GetAddressBytes()];
        Bound(there: false, SocketType.Raw, ProtocolType.Raw, Here).SendTo([.. header, .. payload], new IPEndPoint(There, 0));
    }

    public void Dispose()
    {
        _open.Reverse();
        _open.ForEach(item => item.Dispose());
    }
}
