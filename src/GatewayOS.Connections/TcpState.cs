using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Connections;

/// <summary>How far a TCP connection is (RFC 9293 §3.3.2, as Linux and Open vSwitch tell it).</summary>
/// <remarks>Linux has one state for a connection, Open vSwitch one for each end.</remarks>
[SuppressMessage("Design", "CA1028", Justification = "A table holds a million of them.")]
public enum TcpState : byte
{
    None,
    SynSent,
    SynReceived,
    Established,

    /// <summary>A FIN was seen; of Open vSwitch: of this end, not acknowledged.</summary>
    FinWait,
    CloseWait,
    LastAck,
    TimeWait,
    Closed,

    /// <summary>Both ends sent a SYN.</summary>
    SimultaneousOpen,
    Listen,
    FinWait2,
    Closing,
}
