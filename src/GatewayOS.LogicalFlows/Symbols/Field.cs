namespace GatewayOS.LogicalFlows;

/// <summary>
/// A symbol of the match and action language: a header or metadata field, a part of one under its own name
/// (<c>reg0</c> of <c>xxreg0</c>, <c>ct.trk</c> of <c>ct_state</c>), or a predicate (<c>ip4</c>, <c>tcp</c>).
/// </summary>
/// <remarks>
/// One object per symbol and the symbol table; compared by reference. Facts come from OVN's logical-fields.c and
/// from the maskable/writable columns of ovs-fields(7).
/// </remarks>
public sealed class Field
{
    /// <summary>As written in a match.</summary>
    public required string Name { get; init; }

    /// <summary>Bits; 0 for a string (port name) field, 1 for a predicate.</summary>
    public required int Width { get; init; }

    public required FieldLevel Level { get; init; }

    /// <summary>Where the bits live. A predicate and OVN's pseudo fields (<c>icmp4.frag_mtu</c>) have none.</summary>
    public StorageBits? Storage { get; init; }

    /// <summary>The field that this one names a part of, with the part's lowest bit.</summary>
    public FieldSlice? Parent { get; init; }

    /// <summary>What must hold for the field to exist, not annotated, or null.</summary>
    public Expr? DeclaredPrerequisite { get; init; }

    /// <summary>What must hold for the field to exist, with the prerequisites' own prerequisites and no predicate left; or null.</summary>
    public Expr? Prerequisite { get; init; }

    /// <summary>What a predicate stands for, annotated; null for any other field.</summary>
    public Expr? Predicate { get; init; }

    public WriteScope Write { get; init; }

    /// <summary>A pseudo field that exists only inside ovn-controller's packet-out, such as <c>icmp4.frag_mtu</c>.</summary>
    public bool IsControllerField { get; init; }

    public bool IsString => Width == 0;

    public bool IsPredicate => Predicate is not null;

    public bool IsReadWrite => Write != WriteScope.None;

    /// <summary>All of the field.</summary>
    public FieldSlice Whole => new(this, 0, Width);

    public override string ToString() => Name;
}
