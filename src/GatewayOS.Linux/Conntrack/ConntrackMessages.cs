using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GatewayOS.Connections;
using GatewayOS.Linux.Netlink;
using static GatewayOS.Linux.Conntrack.ConntrackAttribute;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Reads the bodies of ctnetlink messages: nfgenmsg, then attributes whose numbers are in network order.</summary>
/// <remarks>
/// A body is a connection or refused for one reason, never half read: whatever is cut off or of the wrong size is
/// <see cref="ConntrackRefusal.Malformed"/>. A dump leaves out what is zero. An event leaves out labels and protocol
/// state when they did not change, too; both are <see cref="ConnectionEntry.Missing"/> then.
/// </remarks>
internal static class ConntrackMessages
{
    public static ConntrackRefusal Read(ReadOnlySpan<byte> body, bool isEvent, out ConnectionEntry? entry)
    {
        entry = null;
        if (body.Length < HeaderSize)
        {
            return ConntrackRefusal.Malformed;
        }

        if (body[0] is not (FamilyIPv4 or FamilyIPv6))
        {
            return ConntrackRefusal.Family;
        }

        var refusal = ReadAttributes(body[HeaderSize..], isEvent, out var read);
        if (refusal == ConntrackRefusal.None)
        {
            var original = read.Connection.Original;
            var sameKind = original.IsIpv6 == read.Connection.Reply.IsIpv6 && original.Protocol == read.Connection.Reply.Protocol;
            refusal = sameKind && original.IsIpv6 == (body[0] == FamilyIPv6) ? ConntrackRefusal.None : ConntrackRefusal.Family;
            entry = refusal == ConntrackRefusal.None ? read : null;
        }

        return refusal;
    }

    private static ConntrackRefusal ReadAttributes(ReadOnlySpan<byte> octets, bool isEvent, out ConnectionEntry entry)
    {
        var connection = new Connection(0, default, default);
        entry = new ConnectionEntry(connection);
        var missing = ConnectionParts.Labels | ConnectionParts.ProtocolState;
        var (refusal, hasOriginal, hasReply) = (ConntrackRefusal.None, false, false);
        var attributes = new NetlinkAttributes(octets);
        while (refusal == ConntrackRefusal.None && attributes.MoveNext())
        {
            var value = attributes.Value;
            switch (attributes.Type)
            {
                case TupleOriginal:
                    refusal = TupleReader.Read(value, out var original);
                    (connection, hasOriginal) = (connection with { Original = original }, true);
                    break;
                case TupleReply:
                    refusal = TupleReader.Read(value, out var reply);
                    (connection, hasReply) = (connection with { Reply = reply }, true);
                    break;
                case Zone when value.Length == 2: connection = connection with { Zone = BinaryPrimitives.ReadUInt16BigEndian(value) }; break;
                case Status when value.Length == 4: connection = connection with { Status = (ConnectionStatus)Number(value) }; break;
                case Mark when value.Length == 4: connection = connection with { Mark = Number(value) }; break;
                case Id when value.Length == 4: connection = connection with { Id = Number(value) }; break;
                case TimeoutSeconds when value.Length == 4: entry = entry with { Timeout = TimeSpan.FromSeconds(Number(value)) }; break;
                case Zone or Status or Mark or Id or TimeoutSeconds: refusal = ConntrackRefusal.Malformed; break;
                case Labels:
                    (connection, missing) = (connection with { Labels = LabelsOf(value) }, missing & ~ConnectionParts.Labels);
                    break;
                case ProtocolInfo:
                    (refusal, missing) = (ReadProtocolInfo(value, ref connection), missing & ~ConnectionParts.ProtocolState);
                    break;
                case Help: refusal = ReadHelper(value, ref entry); break;
                case CountersOriginal:
                    refusal = ReadCounters(value, out var sent);
                    entry = entry with { OriginalTraffic = sent };
                    break;
                case CountersReply:
                    refusal = ReadCounters(value, out var received);
                    entry = entry with { ReplyTraffic = received };
                    break;
                default: break;
            }
        }

        entry = entry with { Connection = connection, Missing = isEvent ? missing : ConnectionParts.None };
        return refusal != ConntrackRefusal.None ? refusal
            : hasOriginal && hasReply && attributes.IsWhole ? ConntrackRefusal.None : ConntrackRefusal.Malformed;
    }

    private static uint Number(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt32BigEndian(value);

    /// <summary>A bit map in words of the host, the first word lowest; a kernel may send less than 128 bits of it.</summary>
    private static UInt128 LabelsOf(ReadOnlySpan<byte> value)
    {
        Span<ulong> words = [0, 0];
        value[..Math.Min(value.Length, 16)].CopyTo(MemoryMarshal.AsBytes(words));
        return new UInt128(words[1], words[0]);
    }

    private static ConntrackRefusal ReadProtocolInfo(ReadOnlySpan<byte> value, ref Connection connection)
    {
        var attributes = new NetlinkAttributes(value);
        while (attributes.MoveNext())
        {
            if (attributes.Type == InfoTcp)
            {
                if (!TcpInfo.TryRead(attributes.Value, out var tcp))
                {
                    return ConntrackRefusal.Malformed;
                }

                connection = connection with { Tcp = tcp };
            }
            else if (attributes.Type == InfoSctp)
            {
                if (!TryFind(attributes.Value, StateOfSctp, 1, out var state))
                {
                    return ConntrackRefusal.Malformed;
                }

                connection = connection with { Sctp = (SctpState)state[0] };
            }
        }

        return attributes.IsWhole ? ConntrackRefusal.None : ConntrackRefusal.Malformed;
    }

    private static ConntrackRefusal ReadHelper(ReadOnlySpan<byte> value, ref ConnectionEntry entry)
    {
        var attributes = new NetlinkAttributes(value);
        while (attributes.MoveNext())
        {
            entry = attributes.Type == HelpName ? entry with { Helper = RouteMessages.Text(attributes.Value) } : entry;
        }

        return attributes.IsWhole ? ConntrackRefusal.None : ConntrackRefusal.Malformed;
    }

    private static ConntrackRefusal ReadCounters(ReadOnlySpan<byte> value, out TrafficCount count)
    {
        count = default;
        if (!TryFind(value, PacketCount, 8, out var packets) || !TryFind(value, OctetCount, 8, out var octets))
        {
            return ConntrackRefusal.Malformed;
        }

        count = new TrafficCount(BinaryPrimitives.ReadUInt64BigEndian(packets), BinaryPrimitives.ReadUInt64BigEndian(octets));
        return ConntrackRefusal.None;
    }

    private static bool TryFind(ReadOnlySpan<byte> row, ushort type, int size, out ReadOnlySpan<byte> value)
    {
        value = default;
        var attributes = new NetlinkAttributes(row);
        while (attributes.MoveNext())
        {
            if (attributes.Type == type)
            {
                value = attributes.Value;
            }
        }

        return attributes.IsWhole && value.Length == size;
    }
}
