using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Tracking;

/// <summary>An address that another has taken the place of.</summary>
/// <param name="From">What it was; null while that has not been found on the way: packets of several addresses cannot be told from one another behind it.</param>
/// <param name="To">What it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AddressChange(UInt128? From, UInt128 To)
{
    public bool Matches(UInt128 address) => From is not null && To == address;

    /// <summary>Whether packets with this address may be those that have another now.</summary>
    public bool MayBeFrom(UInt128 address) => From is null || From == address;
}
