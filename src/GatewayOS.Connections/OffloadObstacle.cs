namespace GatewayOS.Connections;

/// <summary>Why a connection by its own state belongs to software.</summary>
public enum OffloadObstacle
{
    /// <summary>Nothing speaks against the fast path.</summary>
    None,

    /// <summary>Its first packet is still on the way.</summary>
    Unconfirmed,

    /// <summary>Nobody has answered: OVN's flows still see it as new (ct.new).</summary>
    Unanswered,

    /// <summary>TCP is opening or closing, and the tracker has to see that.</summary>
    NotEstablished,

    /// <summary>A helper reads or changes its data.</summary>
    Helper,

    /// <summary>It is about to end.</summary>
    Dying,

    /// <summary>ICMP other than echo: an error or an information request.</summary>
    NotEcho,
}
