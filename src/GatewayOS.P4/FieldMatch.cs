namespace GatewayOS.P4;

/// <summary>What an entry asks of one key field of its table.</summary>
/// <remarks>
/// A field about which an entry asks nothing (a ternary mask or a prefix length of 0, a range over the whole domain) is left out
/// of the entry (P4Runtime 1.5, 9.1.1). Values are unsigned and right-aligned; bits outside a ternary mask are zero by construction, so
/// equal matches are equal values. The field's width is known to <see cref="Pipeline"/>, not here.
/// </remarks>
public abstract record FieldMatch
{
    private FieldMatch(string field) => Field = field;

    /// <summary>The control-plane name of the key field, one of <see cref="KeyNames"/>.</summary>
    public string Field { get; }

    public sealed record Exact(string Field, UInt128 Value) : FieldMatch(Field)
    {
        public override string ToString() => $"{Field}=0x{Value:x}";
    }

    /// <param name="Field">The key field.</param>
    /// <param name="Value">The prefix in the field's full width; the bits below it must be zero.</param>
    /// <param name="PrefixLength">1 to the width of the field.</param>
    public sealed record Lpm(string Field, UInt128 Value, int PrefixLength) : FieldMatch(Field)
    {
        public override string ToString() => $"{Field}=0x{Value:x}/{PrefixLength}";
    }

    public sealed record Ternary(string Field, UInt128 Value, UInt128 Mask) : FieldMatch(Field)
    {
        public UInt128 Value { get; } = Value & Mask;

        public override string ToString() => $"{Field}=0x{Value:x}&0x{Mask:x}";
    }

    /// <summary>Both ends belong to the range.</summary>
    public sealed record Range(string Field, UInt128 Low, UInt128 High) : FieldMatch(Field)
    {
        public override string ToString() => $"{Field}=0x{Low:x}..0x{High:x}";
    }
}
