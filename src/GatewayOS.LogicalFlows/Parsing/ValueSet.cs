using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>The right-hand side of a comparison while it is parsed: one constant, or several in braces.</summary>
internal sealed class ValueSet
{
    /// <summary>Constants only, unless sets are kept symbolic.</summary>
    public List<SetItem> Items { get; } = [];

    public bool InBraces { get; set; }

    /// <summary>Whether the values are strings; undecided while there is none, then the last set named decides.</summary>
    public bool IsText { get; set; }

    /// <summary>How many values there are, not counting symbolic sets.</summary>
    public int ValueCount { get; set; }

    public bool IsSymbolic { get; set; }

    /// <summary>The only item's name when the whole is one expanded set.</summary>
    public string? SetName { get; set; }

    public EquatableArray<SetItem> CanonicalItems() =>
        [.. Items.Select(item => item is SetItem.Number number ? new SetItem.Number(number.Value.Canonical()) : item)];
}
