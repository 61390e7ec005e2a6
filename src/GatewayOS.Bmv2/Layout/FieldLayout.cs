namespace GatewayOS.Bmv2.Layout;

/// <summary>Where a field lives in <see cref="Runtime.PacketState.Fields"/>.</summary>
/// <remarks>
/// A field of w bits takes ceil(w / 64) consecutive limbs, the least significant first, and never has a bit above w set. A signed
/// field holds its two's complement. A field of variable size has one limb, its present size in bits, and its octets in
/// <see cref="Runtime.PacketState.Variable"/> from <see cref="VariableOffset"/> on.
/// </remarks>
internal sealed class FieldLayout
{
    public required string Header { get; init; }

    public required string Name { get; init; }

    /// <summary>In bits; for a field of variable size the most it can have.</summary>
    public required int Width { get; init; }

    public required bool Signed { get; init; }

    /// <summary>The index of the first limb.</summary>
    public required int Limb { get; init; }

    /// <summary>The limb that says whether the header of this field is valid; -1 for metadata and for validity itself.</summary>
    public required int ValidityLimb { get; init; }

    /// <summary>-1 for a field of fixed size.</summary>
    public int VariableOffset { get; init; } = -1;

    public bool IsVariable => VariableOffset >= 0;

    public int Limbs => IsVariable ? 1 : LimbsOf(Width);

    public static int LimbsOf(int width) => (width + 63) / 64;

    public override string ToString() => $"{Header}.{Name}";
}
