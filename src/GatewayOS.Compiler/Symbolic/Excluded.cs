using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Packets that the parser keeps from the tables, as cubes: a match that only they fulfil is false (p4/README.md, Class 0).</summary>
public static class Excluded
{
    private const byte Igmp = 2;
    private const byte Udp = 17;
    private const byte Icmpv6 = 58;

    /// <summary>DHCP, DHCPv6 and BFD, over either family, whichever end has the port.</summary>
    private static readonly uint[] s_controlPorts = [67, 68, 546, 547, 3784, 4784];

    private static readonly UInt128 s_all = UInt128.MaxValue;
    private static readonly Dictionary<PacketClass, Cube[]> s_excluded = PacketClasses.All.ToDictionary(
        packetClass => packetClass, packetClass => packetClass.IsArp() ? [] : (Cube[])[.. packetClass.IsIpv6() ? Ipv6(packetClass) : Ipv4(packetClass), .. Datagrams()]);

    public static Residual Remove(Residual residual, PacketClass packetClass)
    {
        var excluded = s_excluded[packetClass];
        foreach (var alternative in residual.Alternatives)
        {
            if (Contains(excluded, alternative.Cube))
            {
                return Without(residual, excluded);
            }
        }

        return residual;
    }

    private static Residual Without(Residual residual, Cube[] excluded) => new([.. residual.Alternatives.Where(alternative => !Contains(excluded, alternative.Cube))]);

    private static bool Contains(Cube[] excluded, Cube cube)
    {
        // Every excluded cube tests something.
        if (cube.IsAny)
        {
            return false;
        }

        foreach (var other in excluded)
        {
            if (other.Contains(cube))
            {
                return true;
            }
        }

        return false;
    }

    // What multicast is for is known otherwise (RootCatalog).
    private static KeyField[] Addresses(PacketClass packetClass) => packetClass.IsMulticast() ? [KeyField.Source] : [KeyField.Source, KeyField.Destination];

    private static IEnumerable<Cube> Ipv4(PacketClass packetClass)
    {
        foreach (var field in Addresses(packetClass))
        {
            yield return Prefix(field, 0x00000000, 8, 32);
            yield return Prefix(field, 0x7f000000, 8, 32);
            yield return Prefix(field, 0xe0000000, 4, 32);
            yield return Prefix(field, 0xf0000000, 4, 32);
        }

        yield return Cube.Of(KeyField.Protocol, Igmp, 0xff);
    }

    private static IEnumerable<Cube> Ipv6(PacketClass packetClass)
    {
        foreach (var field in Addresses(packetClass))
        {
            yield return Cube.Of(field, 0, s_all);
            yield return Cube.Of(field, 1, s_all);
            yield return Prefix(field, (UInt128)0xff << 120, 8, 128);
        }

        // MLD and ND; the echo types 128 and 129 are admitted.
        for (var type = 130u; type <= 143; type++)
        {
            yield return Cube.Of(KeyField.Protocol, Icmpv6, 0xff).Intersect(Cube.Of(KeyField.L4Source, type, 0xff))!;
        }
    }

    private static IEnumerable<Cube> Datagrams() =>
        from port in s_controlPorts
        from field in (KeyField[])[KeyField.L4Source, KeyField.L4Destination]
        select Cube.Of(KeyField.Protocol, Udp, 0xff).Intersect(Cube.Of(field, port, 0xffff))!;

    private static Cube Prefix(KeyField field, UInt128 value, int length, int width) =>
        Cube.Of(field, value, Bits.Ones(width) & ~Bits.Ones(width - length));
}
