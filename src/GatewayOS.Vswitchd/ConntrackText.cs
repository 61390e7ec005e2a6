using System.Buffers;
using System.Globalization;
using System.Numerics;
using GatewayOS.Connections;
using GatewayOS.Core;

namespace GatewayOS.Vswitchd;

/// <summary>Reads a line of <c>dpctl/dump-conntrack -m -s</c>, as OVS 3.1 to 4.0 write it.</summary>
/// <remarks>
/// <code>
/// udp,orig=(src=10.0.0.1,dst=10.0.0.99,sport=4000,dport=5000),reply=(src=10.0.0.2,dst=10.0.0.1,sport=5000,dport=4000),id=0,zone=5,status=0,timeout=59,mark=7,labels=0x1234
/// tcp,orig=(...),reply=(...),id=0,status=0,timeout=86399,protoinfo=(state_orig=ESTABLISHED,state_reply=ESTABLISHED,wscale_orig=10,...,flags_orig=WINDOW_SCALE,...)
/// icmp,orig=(src=10.0.0.1,dst=10.0.0.2,id=7,type=8,code=0),reply=(src=10.0.0.2,dst=10.0.0.1,id=7,type=0,code=0),id=0,status=0,timeout=29,helper=ftp,parent=(...)
/// </code>
/// Zone, mark and labels of zero are left out. A line is a connection or refused, never half read; fields nobody knows yet are skipped.
/// </remarks>
public static class ConntrackText
{
    private static readonly SearchValues<char> s_protocol = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    public static ConntrackTextRefusal Read(ReadOnlySpan<char> line, out ConnectionEntry? entry)
    {
        entry = null;
        var comma = line.IndexOf(',');
        if (comma <= 0)
        {
            return ConntrackTextRefusal.Malformed;
        }

        var protocol = line[..comma] switch
        {
            "tcp" => TransportProtocol.Tcp,
            "udp" => TransportProtocol.Udp,
            "sctp" => TransportProtocol.Sctp,
            "icmp" => TransportProtocol.Icmp,
            "icmpv6" => TransportProtocol.Icmpv6,
            _ => TransportProtocol.None,
        };
        if (protocol == TransportProtocol.None)
        {
            // The others have a name of letters, or a number.
            return line[..comma].ContainsAnyExcept(s_protocol) ? ConntrackTextRefusal.Malformed : ConntrackTextRefusal.Protocol;
        }

        return TryReadFields(line[(comma + 1)..], protocol, out entry) ? ConntrackTextRefusal.None : ConntrackTextRefusal.Malformed;
    }

    private static bool TryReadFields(ReadOnlySpan<char> line, TransportProtocol protocol, out ConnectionEntry? entry)
    {
        entry = null;
        var connection = new Connection(0, default, default);
        var (hasOriginal, hasReply, fits, timeout, helper) = (false, false, true, default(TimeSpan?), default(string));
        var fields = new FieldCursor(line);
        while (fits && fields.MoveNext())
        {
            switch (fields.Name)
            {
                case "orig":
                    fits = hasOriginal = TryReadTuple(fields.Value, protocol, out var original);
                    connection = connection with { Original = original };
                    break;
                case "reply":
                    fits = hasReply = TryReadTuple(fields.Value, protocol, out var reply);
                    connection = connection with { Reply = reply };
                    break;
                case "id":
                    fits = TryNumber(fields.Value, out uint id);
                    connection = connection with { Id = id };
                    break;
                case "zone":
                    fits = TryNumber(fields.Value, out ushort zone);
                    connection = connection with { Zone = zone };
                    break;
                case "mark":
                    fits = TryNumber(fields.Value, out uint mark);
                    connection = connection with { Mark = mark };
                    break;
                case "labels":
                    fits = fields.Value.StartsWith("0x")
                        & UInt128.TryParse(fields.Value[Math.Min(2, fields.Value.Length)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var labels);
                    connection = connection with { Labels = labels };
                    break;
                case "timeout":
                    fits = TryNumber(fields.Value, out uint seconds);
                    timeout = TimeSpan.FromSeconds(seconds);
                    break;
                case "protoinfo" when protocol == TransportProtocol.Tcp:
                    fits = TcpText.TryRead(fields.Value, out var tcp);
                    connection = connection with { Tcp = tcp };
                    break;
                case "helper":
                    helper = fields.Value.ToString();
                    break;
                default:
                    break;
            }
        }

        if (!fits || fields.IsBroken || !hasOriginal || !hasReply || connection.Original.IsIpv6 != connection.Reply.IsIpv6)
        {
            return false;
        }

        entry = new ConnectionEntry(connection with { Status = Status(connection, helper) }) { Timeout = timeout, Helper = helper };
        return true;
    }

    /// <summary>
    /// Open vSwitch itself tells no status. Only committed connections are in its table, TCP shows in its states, translation in the tuples; for
    /// the rest see <see cref="AnswerEvidence"/>.
    /// </summary>
    private static ConnectionStatus Status(Connection connection, string? helper)
    {
        var status = ConnectionStatus.Confirmed;
        var untranslated = connection.Original.Reversed;
        status |= untranslated.Destination != connection.Reply.Destination || untranslated.DestinationPort != connection.Reply.DestinationPort
            ? ConnectionStatus.SourceNat : ConnectionStatus.None;
        status |= untranslated.Source != connection.Reply.Source || untranslated.SourcePort != connection.Reply.SourcePort
            ? ConnectionStatus.DestinationNat : ConnectionStatus.None;
        status |= helper is null ? ConnectionStatus.None : ConnectionStatus.Helper;
        return connection.Tcp switch
        {
            { IsEstablished: true } => status | ConnectionStatus.SeenReply | ConnectionStatus.Assured,
            { Reply: not (TcpState.Closed or TcpState.None) } => status | ConnectionStatus.SeenReply,
            _ => status,
        };
    }

    private static bool TryReadTuple(ReadOnlySpan<char> text, TransportProtocol protocol, out ConnectionTuple tuple)
    {
        tuple = new ConnectionTuple(false, protocol, 0, 0, 0, 0);
        var (seen, families) = (0, 0);
        var fields = new FieldCursor(text);
        while (fields.MoveNext())
        {
            var part = fields.Name switch { "src" => 1, "dst" => 2, "sport" or "id" => 4, "dport" or "type" => 8, "code" => 16, _ => 0 };
            seen |= part;
            if (part is 1 or 2)
            {
                if (!IpAddress.TryParse(fields.Value, out var address))
                {
                    return false;
                }

                families |= address.IsIpv6 ? 2 : 1;
                tuple = part == 1 ? tuple with { Source = address.Value } : tuple with { Destination = address.Value };
                continue;
            }

            if (part != 0)
            {
                if (!TryNumber(fields.Value, out ushort number) || (fields.Name is "type" or "code" && number > byte.MaxValue))
                {
                    return false;
                }

                tuple = fields.Name switch
                {
                    "sport" or "id" => tuple with { SourcePort = number },
                    "dport" => tuple with { DestinationPort = number },
                    "type" => tuple with { DestinationPort = (ushort)(number << 8 | tuple.DestinationPort & 0xff) },
                    _ => tuple with { DestinationPort = (ushort)(tuple.DestinationPort & 0xff00 | number) },
                };
            }
        }

        tuple = tuple with { IsIpv6 = families == 2 };
        return !fields.IsBroken && (families is 1 or 2) && seen == (tuple.IsIcmp ? 31 : 15);
    }

    internal static bool TryNumber<T>(ReadOnlySpan<char> text, out T value)
        where T : INumberBase<T> => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value!);
}
