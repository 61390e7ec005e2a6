using System.Globalization;
using GatewayOS.Core;

namespace GatewayOS.Reference.Network;

/// <summary>An address with the length of its network's prefix.</summary>
internal sealed record AddressPrefix(IpAddress Address, int Length)
{
    private UInt128 HostMask => Length == Address.Width ? 0 : UInt128.MaxValue >> (128 - (Address.Width - Length));

    /// <summary>The directed broadcast address.</summary>
    public UInt128 Broadcast => Address.Value | HostMask;

    /// <summary>With host bits set just this address may be used, without any the whole network.</summary>
    public bool Admits(UInt128 address) =>
        address == Address.Value || ((Address.Value & HostMask) == 0 && (address & ~HostMask) == Address.Value);

    /// <summary>Whether the entry names a host of a larger network, which then may also get the network's broadcasts.</summary>
    public bool IsHostOfNetwork => (Address.Value & HostMask) != 0;

    public static AddressPrefix? Read(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return null;
        }

        return slash < 0 ? new AddressPrefix(address, address.Width)
            : int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= address.Width
                ? new AddressPrefix(address, length)
            : null;
    }
}
