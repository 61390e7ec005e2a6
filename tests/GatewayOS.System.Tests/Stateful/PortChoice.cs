using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>The source port (or echo identifier) by which a server sees a connection, where OVS's NAT was free to choose: one on each side.</summary>
/// <remarks>
/// OVS keeps the port if it can. Where a connection by the same ports has just ended, that depends on whether its tracker saw the last acknowledgment of a FIN, which a device may have
/// forwarded. Nothing else may differ, and only as long as the choice stays the same for a connection.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PortChoice(ushort Stock, ushort Fast)
{
    private const int EthernetLength = 14;

    public bool IsSame => Stock == Fast;

    /// <summary>What came on the fast side, as it had come with the choice of the other side.</summary>
    public Arrival ToStock(Arrival arrival)
    {
        if (IsSame || Packet.Read(arrival.Frame) is not { } packet)
        {
            return arrival;
        }

        var frame = arrival.Frame.ToArray();
        var l4 = EthernetLength + (packet.IsIpv6 ? 40 : 20);
        // An error is about a packet by that port, or to it: behind its own eight octets and the IP header.
        var quoted = l4 + 8 + (packet.IsIpv6 ? 40 : 20);
        var (ports, checksum) = packet.Protocol switch
        {
            // What the server sends goes to that port; it comes out so where the translation is gone.
            Packet.Tcp => ((int[])[l4, l4 + 2], l4 + 16),
            Packet.Udp => ([l4, l4 + 2], l4 + 6),
            _ when packet.IsEcho => ([l4 + 4], l4 + 2),
            _ => ([quoted, quoted + 2], l4 + 2),
        };
        foreach (var port in ports)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(port)) != Fast)
            {
                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(port), Stock);
            Adjust(frame.AsSpan(checksum), Fast, Stock);
        }

        return arrival with { Frame = frame };
    }

    // RFC 1624: a checksum that was wrong stays wrong.
    private static void Adjust(Span<byte> checksum, ushort old, ushort now)
    {
        var sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(checksum) + (ushort)~old + now;
        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(checksum, (ushort)~((sum & 0xffff) + (sum >> 16)));
    }
}
