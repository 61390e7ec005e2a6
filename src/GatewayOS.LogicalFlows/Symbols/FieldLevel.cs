namespace GatewayOS.LogicalFlows;

/// <summary>The level of measurement of a field, which decides what may be asked of it (OVN's expr.h).</summary>
public enum FieldLevel
{
    /// <summary>Only equality as a whole, not negated: the field cannot be masked.</summary>
    Nominal,

    /// <summary>A predicate that may also be negated.</summary>
    Boolean,

    /// <summary>Bits can be selected and masked, values are ordered.</summary>
    Ordinal,
}
