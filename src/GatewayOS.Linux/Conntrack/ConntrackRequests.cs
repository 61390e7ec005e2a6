using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GatewayOS.Connections;
using GatewayOS.Linux.Netlink;
using static GatewayOS.Linux.Conntrack.ConntrackAttribute;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Writes ctnetlink requests.</summary>
internal static class ConntrackRequests
{
    public static NetlinkRequest Dump(ConntrackFilter filter)
    {
        var request = Request(Get, NetlinkFlags.Dump, FamilyUnspecified);
        if (filter.Zone is { } zone)
        {
            request.With(Zone, Octets(zone));
        }

        return filter.MarkMask == 0 ? request : request.With(Mark, Octets(filter.Mark)).With(MarkMask, Octets(filter.MarkMask));
    }

    public static NetlinkRequest Find(ushort zone, in ConnectionTuple tuple) =>
        Request(Get, 0, Family(tuple)).With(TupleOriginal | Nested, Tuple(tuple)).With(Zone, Octets(zone));

    public static NetlinkRequest Remove(ushort zone, in ConnectionTuple original, uint id)
    {
        var request = Request(Delete, NetlinkFlags.Acknowledge, Family(original)).With(TupleOriginal | Nested, Tuple(original)).With(Zone, Octets(zone));
        return id == 0 ? request : request.With(Id, Octets(id));
    }

    /// <summary>Deletes what a listed message describes, whatever its protocol: its own attributes name it.</summary>
    /// <returns>Null when the message has no tuple or names another zone.</returns>
    public static NetlinkRequest? RemoveListed(ReadOnlySpan<byte> body, ushort zone)
    {
        if (body.Length < HeaderSize)
        {
            return null;
        }

        var (request, hasTuple, itsZone) = (Request(Delete, NetlinkFlags.Acknowledge, body[0]), false, (ushort)0);
        var attributes = new NetlinkAttributes(body[HeaderSize..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case TupleOriginal: (request, hasTuple) = (request.With(TupleOriginal | Nested, attributes.Value), true); break;
                case Id: request = request.With(Id, attributes.Value); break;
                case Zone when attributes.Value.Length == 2: itsZone = BinaryPrimitives.ReadUInt16BigEndian(attributes.Value); break;
                default: break;
            }
        }

        return hasTuple && itsZone == zone ? request.With(Zone, Octets(zone)) : null;
    }

    public static NetlinkRequest Update(ushort zone, in ConnectionTuple original, ConntrackUpdate update)
    {
        // Without NLM_F_CREATE it changes what exists and makes nothing.
        var request = Request(New, NetlinkFlags.Acknowledge, Family(original)).With(TupleOriginal | Nested, Tuple(original)).With(Zone, Octets(zone));
        if (update.Timeout is { } timeout)
        {
            request.With(TimeoutSeconds, Octets(checked((uint)timeout.TotalSeconds)));
        }

        if (update.BeLiberal is { } liberal)
        {
            ReadOnlySpan<byte> flags = [liberal ? (byte)TcpFlags.BeLiberal : (byte)0, (byte)TcpFlags.BeLiberal];
            var tcp = new AttributeRow().With(TcpFlagsOriginal, flags).With(TcpFlagsReply, flags);
            request.With(ProtocolInfo | Nested, new AttributeRow().With(InfoTcp | Nested, tcp.Octets).Octets);
        }

        if (update.Mark is { } mark)
        {
            request.With(Mark, Octets(mark));
        }

        if (update.Labels is { } labels)
        {
            ReadOnlySpan<ulong> words = [(ulong)labels, (ulong)(labels >> 64)];
            request.With(Labels, MemoryMarshal.AsBytes(words));
        }

        return request;
    }

    private static NetlinkRequest Request(ushort type, ushort flags, byte family) => new(type, flags, [family, 0, 0, 0]);

    private static byte Family(in ConnectionTuple tuple) => tuple.IsIpv6 ? FamilyIPv6 : FamilyIPv4;

    internal static ReadOnlySpan<byte> Tuple(in ConnectionTuple tuple)
    {
        var (source, destination) = tuple.IsIpv6 ? (IPv6Source, IPv6Destination) : (IPv4Source, IPv4Destination);
        var addresses = new AttributeRow().With(source, Address(tuple.SourceAddress)).With(destination, Address(tuple.DestinationAddress));
        var ports = new AttributeRow().With(ProtocolNumber, [(byte)tuple.Protocol]);
        if (tuple.IsIcmp)
        {
            var (id, type, code) = tuple.IsIpv6 ? (Icmpv6Id, Icmpv6Type, Icmpv6Code) : (IcmpId, IcmpType, IcmpCode);
            ports.With(id, Octets(tuple.SourcePort)).With(type, [tuple.IcmpType]).With(code, [tuple.IcmpCode]);
        }
        else
        {
            ports.With(SourcePort, Octets(tuple.SourcePort)).With(DestinationPort, Octets(tuple.DestinationPort));
        }

        return new AttributeRow().With(TupleIp | Nested, addresses.Octets).With(TupleProtocol | Nested, ports.Octets).Octets;
    }

    private static byte[] Address(Core.IpAddress address)
    {
        var octets = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, address.Value);
        return address.IsIpv6 ? octets : octets[12..];
    }

    private static byte[] Octets(ushort value)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        return octets;
    }

    private static byte[] Octets(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }
}
