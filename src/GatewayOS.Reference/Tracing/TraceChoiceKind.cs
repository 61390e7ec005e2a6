namespace GatewayOS.Reference.Tracing;

/// <summary>What there is to choose.</summary>
public enum TraceChoiceKind
{
    /// <summary>A member of <c>select</c>, by a hash; the alternatives are ids.</summary>
    Member,

    /// <summary>A backend of <c>ct_lb</c>, by a hash; the alternatives are addresses with ports.</summary>
    Backend,

    /// <summary>A port of <c>fwd_group</c>, by a hash; the alternatives are names.</summary>
    Port,

    /// <summary>One of several flows that match and have the same priority, which OVN leaves undefined; the alternatives are UUIDs.</summary>
    Flow,
}
