using System.Runtime.InteropServices;

namespace GatewayOS.LogicalFlows;

/// <summary>All values that agree with <paramref name="Value"/> in the bits of <paramref name="Mask"/>; no value bit outside of the mask.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MaskedValue(UInt128 Value, UInt128 Mask)
{
    public bool Contains(UInt128 value) => (value & Mask) == Value;

    /// <summary>The values in both, or null when there are none.</summary>
    public MaskedValue? Intersect(MaskedValue other) =>
        ((Value ^ other.Value) & Mask & other.Mask) == 0 ? new MaskedValue(Value | other.Value, Mask | other.Mask) : null;
}
