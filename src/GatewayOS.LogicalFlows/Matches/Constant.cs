using System.Runtime.InteropServices;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// A number in a match or action.
/// <paramref name="Value"/>: no bit outside of <paramref name="Mask"/> when masked.
/// <paramref name="Mask"/>: the mask after <c>/</c>, or null.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Constant(UInt128 Value, ConstantFormat Format, UInt128? Mask = null)
{
    public bool IsMasked => Mask is not null;

    /// <summary>
    /// 0, or how many bits the constant (when masked, its mask) really has when that is more than 128. No field takes such a
    /// constant, but it is the comparison that is wrong then, not the number. OVN's numbers have up to 1024 bits.
    /// </summary>
    internal int OverflowWidth { get; init; }

    /// <summary>A plain hexadecimal zero is written <c>0</c>, as a decimal one is; this makes them equal too.</summary>
    internal Constant Canonical() => this == new Constant(0, ConstantFormat.Hex) ? new Constant(0, ConstantFormat.Dec) : this;
}
