using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using GatewayOS.Core;

namespace GatewayOS.Linux.Netlink;

/// <summary>Reads the bodies of rtnetlink(7) messages. What is too short, or of a family that is not asked for, is null.</summary>
internal static class RouteMessages
{
    public const ushort NewLink = 16, DeleteLink = 17, GetLink = 18;
    public const ushort NewAddress = 20, DeleteAddress = 21, GetAddress = 22;
    public const ushort NewRoute = 24, DeleteRoute = 25, GetRoute = 26;
    public const ushort NewNeighbour = 28, DeleteNeighbour = 29, GetNeighbour = 30;
    public const ushort NewRule = 32, DeleteRule = 33;

    public const byte FamilyIPv4 = 2, FamilyIPv6 = 10;

    public const int LinkHeader = 16, AddressHeader = 8, RouteHeader = 12, NeighbourHeader = 12;

    private const uint FlagUp = 0x1, FlagLowerUp = 0x10000;
    private const byte RouteTypeLocal = 2;

    public static Link? Link(ReadOnlySpan<byte> body)
    {
        // A bridge announces its ports a second time in family AF_BRIDGE, and "deletes" a link there that only left it.
        if (body.Length < LinkHeader || body[0] != 0)
        {
            return null;
        }

        var flags = MemoryMarshal.Read<uint>(body[8..]);
        var (name, mac, mtu, kind, master, lower) = ("", default(MacAddress), 0, "", default(int?), default(int?));
        var attributes = new NetlinkAttributes(body[LinkHeader..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case 1: mac = Mac(attributes.Value) ?? default; break; // IFLA_ADDRESS
                case 3: name = Text(attributes.Value); break; // IFLA_IFNAME
                case 4: mtu = attributes.Int32; break; // IFLA_MTU
                case 5: lower = attributes.Int32; break; // IFLA_LINK
                case 10: master = attributes.Int32; break; // IFLA_MASTER
                case 18: kind = LinkKind(attributes.Value); break; // IFLA_LINKINFO
                default: break;
            }
        }

        return new Link(MemoryMarshal.Read<int>(body[4..]), name, mac, mtu, (flags & FlagUp) != 0, (flags & FlagLowerUp) != 0, kind, master, lower);
    }

    public static Neighbour? Neighbour(ReadOnlySpan<byte> body)
    {
        // The forwarding table of bridges comes in the same messages, in family AF_BRIDGE.
        if (body.Length < NeighbourHeader || body[0] is not (FamilyIPv4 or FamilyIPv6))
        {
            return null;
        }

        var (address, mac) = (default(IPAddress), default(MacAddress?));
        var attributes = new NetlinkAttributes(body[NeighbourHeader..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case 1: address = Address(attributes.Value); break; // NDA_DST
                case 2: mac = Mac(attributes.Value); break; // NDA_LLADDR
                default: break;
            }
        }

        return address is null ? null
            : new Neighbour(MemoryMarshal.Read<int>(body[4..]), address, mac, (NeighbourState)MemoryMarshal.Read<ushort>(body[8..]));
    }

    public static InterfaceAddress? InterfaceAddress(ReadOnlySpan<byte> body)
    {
        if (body.Length < AddressHeader || body[0] is not (FamilyIPv4 or FamilyIPv6))
        {
            return null;
        }

        var (address, local) = (default(IPAddress), default(IPAddress));
        var attributes = new NetlinkAttributes(body[AddressHeader..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case 1: address = Address(attributes.Value); break; // IFA_ADDRESS: the peer's on a point-to-point link
                case 2: local = Address(attributes.Value); break; // IFA_LOCAL
                default: break;
            }
        }

        return (local ?? address) is { } own ? new InterfaceAddress(MemoryMarshal.Read<int>(body[4..]), own, body[1]) : null;
    }

    public static Route? Route(ReadOnlySpan<byte> body)
    {
        if (body.Length < RouteHeader || body[0] is not (FamilyIPv4 or FamilyIPv6))
        {
            return null;
        }

        var (link, gateway, source) = (0, default(IPAddress), default(IPAddress));
        var attributes = new NetlinkAttributes(body[RouteHeader..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case 4: link = attributes.Int32; break; // RTA_OIF
                case 5: gateway = Address(attributes.Value); break; // RTA_GATEWAY
                case 7: source = Address(attributes.Value); break; // RTA_PREFSRC
                case 18 when attributes.Value.Length > 2: gateway = Address(attributes.Value[2..]); break; // RTA_VIA: family, address
                default: break;
            }
        }

        return new Route(link, gateway, source, body[7] == RouteTypeLocal);
    }

    public static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.TrimEnd((byte)0));

    private static string LinkKind(ReadOnlySpan<byte> value)
    {
        var attributes = new NetlinkAttributes(value);
        while (attributes.MoveNext())
        {
            if (attributes.Type == 1) // IFLA_INFO_KIND
            {
                return Text(attributes.Value);
            }
        }

        return "";
    }

    private static IPAddress? Address(ReadOnlySpan<byte> value) => value.Length is 4 or 16 ? new IPAddress(value) : null;

    private static MacAddress? Mac(ReadOnlySpan<byte> value)
    {
        if (value.Length != 6)
        {
            return null;
        }

        var mac = 0UL;
        foreach (var octet in value)
        {
            mac = mac << 8 | octet;
        }

        return new MacAddress(mac);
    }
}
