using System.Runtime.InteropServices;

namespace GatewayOS.P4;

/// <summary>What network address translation does to one direction of a connection; null changes nothing.</summary>
/// <param name="Src">The new source address.</param>
/// <param name="Dst">The new destination address.</param>
/// <param name="L4Src">The new source port; for ICMP echo the new identifier.</param>
/// <param name="L4Dst">The new destination port; of no effect for ICMP.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConnectionRewrite(
    UInt128? Src = null, UInt128? Dst = null, ushort? L4Src = null, ushort? L4Dst = null)
{
    /// <summary>The bits of the parameter <c>rewrite</c>.</summary>
    public const byte SrcBit = 1, DstBit = 2, L4SrcBit = 4, L4DstBit = 8;

    public byte Mask => (byte)((Src is null ? 0 : SrcBit) | (Dst is null ? 0 : DstBit)
        | (L4Src is null ? 0 : L4SrcBit) | (L4Dst is null ? 0 : L4DstBit));

    /// <summary>The arguments src, dst, l4_src, l4_dst, rewrite.</summary>
    internal UInt128[] Arguments => [Src ?? 0, Dst ?? 0, L4Src ?? 0, L4Dst ?? 0, Mask];
}
