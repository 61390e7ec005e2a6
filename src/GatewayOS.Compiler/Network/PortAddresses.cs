using System.Runtime.CompilerServices;
using GatewayOS.Core;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>The addresses of a port, read once for each row (ovn-sb(5), Port_Binding.mac).</summary>
/// <param name="Ethernet">Without those that are none, as "unknown".</param>
/// <param name="Networks">Address, its width and the length of the prefix, in bits.</param>
public sealed record PortAddresses(IReadOnlyList<ulong> Ethernet, IReadOnlyList<(UInt128 Value, int Width, int PrefixLength)> Networks)
{
    private static readonly ConditionalWeakTable<PortBinding, PortAddresses> s_known = [];

    public static PortAddresses Of(PortBinding port) => s_known.GetValue(port, Read);

    private static PortAddresses Read(PortBinding port)
    {
        var words = port.Mac.Select(mac => mac.Split(' ')).ToList();
        return new PortAddresses(
            [.. words.Select(of => MacAddress.TryParse(of[0], out var address) ? address.Value : 0).Where(address => address != 0)],
            [.. words.SelectMany(of => of.Skip(1)).Select(Addresses.ParsePrefix).OfType<(UInt128, int, int)>()]);
    }
}
