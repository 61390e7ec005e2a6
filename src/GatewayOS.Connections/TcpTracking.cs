using System.Runtime.InteropServices;

namespace GatewayOS.Connections;

/// <summary>What a tracker knows of the TCP in a connection; <c>Original</c> is the end that opened it.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TcpTracking(TcpState Original, TcpState Reply, TcpFlags OriginalFlags, TcpFlags ReplyFlags)
{
    public bool IsEstablished => Original == TcpState.Established && Reply == TcpState.Established;

    /// <summary>The tracker does not mind that it misses packets in the middle.</summary>
    public bool IsLiberal => (OriginalFlags & ReplyFlags & TcpFlags.BeLiberal) != TcpFlags.None;
}
