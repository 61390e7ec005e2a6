namespace GatewayOS.Compiler.FloatingIps;

/// <summary>What a flow asks of conntrack.</summary>
internal enum NatKind
{
    /// <summary><c>ct_dnat</c>: to give or to take back a destination.</summary>
    Destination,

    /// <summary><c>ct_snat</c>: to give or to take back a source.</summary>
    Source,

    /// <summary><c>ct_next(snat)</c>: to say whose connection it is.</summary>
    Track,

    /// <summary><c>ct_lb</c> and its kin.</summary>
    LoadBalance,
}
