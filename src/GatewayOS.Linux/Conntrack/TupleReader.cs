using System.Buffers.Binary;
using GatewayOS.Connections;
using GatewayOS.Linux.Netlink;
using static GatewayOS.Linux.Conntrack.ConntrackAttribute;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Reads one CTA_TUPLE_*.</summary>
internal ref struct TupleReader
{
    private const int SourceSeen = 1, DestinationSeen = 2, IdSeen = 4, TypeSeen = 8, CodeSeen = 16;

    private UInt128 _source;
    private UInt128 _destination;
    private byte _family;
    private byte _protocol;
    private ushort _sourcePort;
    private ushort _destinationPort;
    private bool _hasSource;
    private bool _hasDestination;
    private bool _hasPorts;
    private bool _hasZone;

    public static ConntrackRefusal Read(ReadOnlySpan<byte> tuple, out ConnectionTuple result)
    {
        var reader = default(TupleReader);
        var refusal = reader.Read(tuple);
        result = new ConnectionTuple(
            reader._family == FamilyIPv6, (TransportProtocol)reader._protocol, reader._source, reader._destination, reader._sourcePort, reader._destinationPort);
        return refusal;
    }

    private ConntrackRefusal Read(ReadOnlySpan<byte> tuple)
    {
        var attributes = new NetlinkAttributes(tuple);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case TupleIp when !ReadAddresses(attributes.Value): return ConntrackRefusal.Malformed;
                case TupleProtocol when !ReadPorts(attributes.Value): return ConntrackRefusal.Malformed;
                case TupleZone: _hasZone = true; break;
                default: break;
            }
        }

        var known = (TransportProtocol)_protocol switch
        {
            TransportProtocol.Tcp or TransportProtocol.Udp or TransportProtocol.Sctp => true,
            TransportProtocol.Icmp => _family == FamilyIPv4,
            TransportProtocol.Icmpv6 => _family == FamilyIPv6,
            TransportProtocol.None => false,
            _ => false,
        };
        return (_hasSource && _hasDestination && attributes.IsWhole, known, _hasPorts, _hasZone) switch
        {
            (false, _, _, _) => ConntrackRefusal.Malformed,
            (_, false, _, _) => _protocol == 0 ? ConntrackRefusal.Malformed : ConntrackRefusal.Protocol,
            (_, _, false, _) => ConntrackRefusal.Malformed,
            (_, _, _, true) => ConntrackRefusal.SplitZone,
            _ => ConntrackRefusal.None,
        };
    }

    private bool ReadAddresses(ReadOnlySpan<byte> addresses)
    {
        var attributes = new NetlinkAttributes(addresses);
        while (attributes.MoveNext())
        {
            var (size, source) = attributes.Type switch
            {
                IPv4Source => (4, true),
                IPv4Destination => (4, false),
                IPv6Source => (16, true),
                IPv6Destination => (16, false),
                _ => (0, false),
            };
            if (size == 0)
            {
                continue;
            }

            var family = size == 4 ? FamilyIPv4 : FamilyIPv6;
            if (attributes.Value.Length != size || (_family != 0 && _family != family))
            {
                return false;
            }

            _family = family;
            var address = size == 4 ? BinaryPrimitives.ReadUInt32BigEndian(attributes.Value) : BinaryPrimitives.ReadUInt128BigEndian(attributes.Value);
            (_source, _hasSource) = source ? (address, true) : (_source, _hasSource);
            (_destination, _hasDestination) = source ? (_destination, _hasDestination) : (address, true);
        }

        return attributes.IsWhole;
    }

    private bool ReadPorts(ReadOnlySpan<byte> ports)
    {
        var attributes = new NetlinkAttributes(ports);
        var seen = 0;
        while (attributes.MoveNext())
        {
            var value = attributes.Value;
            var size = attributes.Type switch
            {
                SourcePort or DestinationPort or IcmpId or Icmpv6Id => 2,
                ProtocolNumber or IcmpType or Icmpv6Type or IcmpCode or Icmpv6Code => 1,
                _ => value.Length,
            };
            if (value.Length != size)
            {
                return false;
            }

            switch (attributes.Type)
            {
                case ProtocolNumber: _protocol = value[0]; break;
                case SourcePort: (_sourcePort, seen) = (BinaryPrimitives.ReadUInt16BigEndian(value), seen | SourceSeen); break;
                case IcmpId or Icmpv6Id: (_sourcePort, seen) = (BinaryPrimitives.ReadUInt16BigEndian(value), seen | IdSeen); break;
                case DestinationPort: (_destinationPort, seen) = (BinaryPrimitives.ReadUInt16BigEndian(value), seen | DestinationSeen); break;
                case IcmpType or Icmpv6Type: (_destinationPort, seen) = ((ushort)(value[0] << 8 | _destinationPort & 0xff), seen | TypeSeen); break;
                case IcmpCode or Icmpv6Code: (_destinationPort, seen) = ((ushort)(_destinationPort & 0xff00 | value[0]), seen | CodeSeen); break;
                default: break;
            }
        }

        var isIcmp = (TransportProtocol)_protocol is TransportProtocol.Icmp or TransportProtocol.Icmpv6;
        _hasPorts = seen == (isIcmp ? IdSeen | TypeSeen | CodeSeen : SourceSeen | DestinationSeen);
        return attributes.IsWhole;
    }
}
