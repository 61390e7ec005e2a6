using GatewayOS.Bmv2.Layout;

namespace GatewayOS.Bmv2.Tables;

/// <summary>A field of a table's key and where its bits are in the limbs of the key.</summary>
/// <param name="Name">The name the control plane uses.</param>
/// <param name="Kind">How entries match it.</param>
/// <param name="Source">The field of the packet.</param>
/// <param name="StaticMask">A mask that the program applies before it matches, or null.</param>
/// <param name="Limb">The limb with its least significant bit.</param>
/// <param name="Shift">Where in that limb; a field that spans limbs starts at bit 0.</param>
internal sealed record KeyField(string Name, KeyKind Kind, FieldLayout Source, UInt128? StaticMask, int Limb, int Shift)
{
    public int Width => Source.Width;

    /// <summary>All ones in the field's width.</summary>
    public UInt128 Full => UInt128.MaxValue >> (128 - Width);

    /// <summary>Puts a value into its place in a key.</summary>
    public void Place(UInt128 value, ulong[] limbs)
    {
        limbs[Limb] |= (ulong)value << Shift;
        if (Width > 64)
        {
            limbs[Limb + 1] |= (ulong)(value >> 64);
        }
    }

    public UInt128 Extract(ReadOnlySpan<ulong> limbs) => Width > 64
        ? new UInt128(limbs[Limb + 1], limbs[Limb]) & Full
        : limbs[Limb] >> Shift & Full;
}
