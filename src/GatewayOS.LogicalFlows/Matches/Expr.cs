using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>A match expression as a tree in negation normal form.</summary>
/// <remarks>
/// <para>There is no NOT, no range and no plain set: the parser pushes <c>!</c> down to the comparisons, writes
/// <c>1 &lt; f &lt; 4</c> as two comparisons and <c>f == {1, 2}</c> as an <see cref="Or"/>.</para>
/// <para>Invariants, as in OVN's expr.h: <see cref="And"/> and <see cref="Or"/> have at least two operands, and no operand is
/// of the same kind; a <see cref="Compare"/> has no value bit outside of its mask; <see cref="InSet"/> only occurs
/// before set expansion; after annotation no predicate and no named part of a field is left.</para>
/// </remarks>
public abstract record Expr
{
    private Expr()
    {
    }

    public static Boolean True { get; } = new(Value: true);

    public static Boolean False { get; } = new(Value: false);

    /// <summary>The match in OVN's own formatting.</summary>
    public sealed override string ToString() => MatchFormatter.Format(this);

    public sealed record Boolean(bool Value) : Expr;

    public sealed record And(EquatableArray<Expr> Operands) : Expr
    {
        /// <summary>Like <see cref="Or.SetName"/>, for a field that must differ from all of the set.</summary>
        public string? SetName { get; init; }

        public bool Equals(And? other) => other is not null && Operands == other.Operands;

        public override int GetHashCode() => HashCode.Combine(1, Operands);
    }

    public sealed record Or(EquatableArray<Expr> Operands) : Expr
    {
        /// <summary>The address set or port group (with its sigil, <c>$name</c>) that this is the expansion of, or null. Not part of equality.</summary>
        public string? SetName { get; init; }

        public bool Equals(Or? other) => other is not null && Operands == other.Operands;

        public override int GetHashCode() => Operands.GetHashCode();
    }

    /// <summary>
    /// (field &amp; <paramref name="Mask"/>) <paramref name="Relop"/> <paramref name="Value"/>, in the bits of <paramref name="Field"/>: for
    /// <c>ip4.dst[28..31] == 0xe</c> the mask is 0xf0000000 and the value 0xe0000000. Order is only asked of contiguous masks.
    /// That one bit differs from a value is always written as that it equals the other, so that equal matches are equal trees.
    /// </summary>
    public sealed record Compare(Field Field, Relop Relop, UInt128 Value, UInt128 Mask) : Expr
    {
        /// <summary>The address set (<c>$name</c>) that the value is a member of: a list of them may have been merged with others. Not part of equality.</summary>
        public string? SetName { get; init; }

        public bool Equals(Compare? other) =>
            other is not null && Field == other.Field && Relop == other.Relop && Value == other.Value && Mask == other.Mask;

        public override int GetHashCode() => HashCode.Combine(Field, Relop, Value, Mask);

        internal Compare Canonical() =>
            Relop == Relop.NotEqual && UInt128.IsPow2(Mask) ? this with { Relop = Relop.Equal, Value = Value ^ Mask } : this;

        /// <summary>The bits compared when the mask is contiguous, else null.</summary>
        public FieldSlice? Slice
        {
            get
            {
                var offset = (int)UInt128.TrailingZeroCount(Mask);
                var width = (int)UInt128.PopCount(Mask);
                return Mask != 0 && (Mask >> offset) == UInt128.MaxValue >> (128 - width)
                    ? new FieldSlice(Field, offset, width)
                    : null;
            }
        }
    }

    /// <summary><c>inport == "name"</c>; only Equal and NotEqual (OVN: only Equal) come out of the parser.</summary>
    public sealed record CompareString(Field Field, Relop Relop, string Value) : Expr;

    /// <summary><c>is_chassis_resident("port")</c>: true on the chassis that the port is bound to.</summary>
    public sealed record ChassisResident(string Port, bool IsNegated) : Expr;

    /// <summary>
    /// A comparison whose right-hand side has address sets or port groups in it, not expanded yet.
    /// Equal means "one of the items", every other operator "all of the items".
    /// <paramref name="InBraces"/>: whether the items were written in braces, which forbids an order.
    /// <paramref name="IsNegated"/>: the whole comparison is negated; only with an operator of order, else it is in the operator.
    /// </summary>
    public sealed record InSet(FieldSlice Slice, Relop Relop, EquatableArray<SetItem> Items, bool InBraces, bool IsNegated) : Expr;
}
