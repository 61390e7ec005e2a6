using GatewayOS.Core;

namespace GatewayOS.Reference.Network;

/// <summary>One entry of Port_Binding.port_security: a MAC address, and the addresses that may be used with it (ovn-nb(5), port_security).</summary>
internal sealed record PortSecurityEntry(MacAddress Mac, EquatableArray<AddressPrefix> Addresses)
{
    public bool HasIp4 => Addresses.Any(address => !address.Address.IsIpv6);

    public bool HasIp6 => Addresses.Any(address => address.Address.IsIpv6);

    /// <summary>RFC 4291, appendix A: fe80:: and the modified EUI-64 identifier.</summary>
    public IpAddress LinkLocal => LinkLocalOf(Mac);

    public static IpAddress LinkLocalOf(MacAddress mac)
    {
        var (high, low) = (mac.Value >> 24 ^ 0x020000, mac.Value & 0xffffff);
        return IpAddress.V6((UInt128)0xfe80 << 112 | (UInt128)high << 40 | (UInt128)0xfffe << 24 | low);
    }

    /// <summary>The entry, or null when it does not start with a MAC address; what follows the first word that is no address does not count.</summary>
    public static PortSecurityEntry? Read(string text)
    {
        var words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && MacAddress.TryParse(words[0], out var mac)
            ? new PortSecurityEntry(mac, words.Skip(1).Select(AddressPrefix.Read).TakeWhile(address => address is not null).OfType<AddressPrefix>().ToEquatableArray())
            : null;
    }
}
