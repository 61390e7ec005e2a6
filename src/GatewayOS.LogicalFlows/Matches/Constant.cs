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
}
