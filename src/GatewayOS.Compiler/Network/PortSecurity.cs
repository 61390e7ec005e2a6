using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>
/// Which packets a port's security admits (ovn-sb(5) Port_Binding.port_security; the rules are those of check_in_port_sec and
/// check_out_port_sec in ovn-controller).
/// </summary>
/// <remarks>ND and DHCP have rules of their own there; they are class 0 and do not come here. Nobody asks about the way out of what is for many.</remarks>
public static class PortSecurity
{
    /// <summary>Cubes of admitted packets; empty when nothing is; null when an entry is of a form that is not known here.</summary>
    /// <param name="ethernet">eth.src on the way in, eth.dst on the way out.</param>
    /// <param name="address">The IP source or destination likewise.</param>
    public static IReadOnlyList<Cube>? Admitted(PortBinding port, PacketClass packetClass, KeyField ethernet, KeyField address)
    {
        var cubes = new List<Cube>();
        foreach (var entry in port.PortSecurity)
        {
            var words = entry.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || !MacAddress.TryParse(words[0], out var mac))
            {
                return null;
            }

            var fromMac = Cube.Of(ethernet, mac.Value, Bits.Ones(48));
            // An answer to ARP is for an Ethernet address, whatever IP addresses it has; a request must be from one of them.
            if (words.Length == 1 || (packetClass.IsArp() && ethernet == KeyField.EthDestination))
            {
                cubes.Add(fromMac);
                continue;
            }

            foreach (var prefix in words.Skip(1).Select(Addresses.ParsePrefix))
            {
                if (prefix is null)
                {
                    return null;
                }

                if (prefix.Value.Width == packetClass.AddressWidth())
                {
                    cubes.Add(fromMac.Intersect(AddressCube(address, prefix.Value))!);
                }
            }

            if (packetClass.IsIpv6() && words.Skip(1).Any(word => word.Contains(':', StringComparison.Ordinal)))
            {
                cubes.Add(fromMac.Intersect(Cube.Of(address, LinkLocal(mac), UInt128.MaxValue))!);
            }
        }

        return cubes;
    }

    // With host bits set the port may only use that very address, without any the whole prefix (ovn-nb(5), port_security).
    private static Cube AddressCube(KeyField field, (UInt128 Value, int Width, int PrefixLength) prefix)
    {
        var host = Bits.Ones(prefix.Width - prefix.PrefixLength);
        var ones = Bits.Ones(prefix.Width);
        return Cube.Of(field, prefix.Value, (prefix.Value & host) != 0 ? ones : ones & ~host);
    }

    // RFC 4291, appendix A: the modified EUI-64 interface identifier.
    private static UInt128 LinkLocal(MacAddress mac)
    {
        var (high, low) = (mac.Value >> 24, mac.Value & 0xffffff);
        return ((UInt128)0xfe80 << 112) | ((UInt128)(high ^ 0x020000) << 40) | ((UInt128)0xfffe << 24) | low;
    }
}
