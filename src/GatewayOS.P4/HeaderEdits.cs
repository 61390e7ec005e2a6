using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>The changes to Ethernet and IP header fields that a stage can order, and the meters that it counts a packet at; null and 0 change nothing.</summary>
/// <param name="EthSrc">The new source address.</param>
/// <param name="EthDst">The new destination address.</param>
/// <param name="TtlDecrement">How far TTL or hop limit falls, 0 to 15; decrements along the path add up.</param>
/// <param name="Dscp">The new DSCP, 0 to 63.</param>
/// <param name="Meter">The number of a meter; on a path it is set once at most.</param>
/// <param name="Meter2">That of another one, behind the first.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HeaderEdits(
    MacAddress? EthSrc = null, MacAddress? EthDst = null, byte TtlDecrement = 0, byte? Dscp = null, ushort Meter = 0, ushort Meter2 = 0)
{
    /// <summary>The bits of the parameter <c>edits</c>.</summary>
    public const byte EthSrcBit = 1, EthDstBit = 2, TtlBit = 4, DscpBit = 8;

    public byte Mask => (byte)((EthSrc is null ? 0 : EthSrcBit) | (EthDst is null ? 0 : EthDstBit)
        | (TtlDecrement == 0 ? 0 : TtlBit) | (Dscp is null ? 0 : DscpBit));

    public bool IsNone => Mask == 0 && Meter == 0 && Meter2 == 0;

    /// <summary>The arguments edits, eth_src, eth_dst, ttl_dec, dscp, meter, meter2.</summary>
    internal UInt128[] Arguments => [Mask, (EthSrc ?? default).Value, (EthDst ?? default).Value, TtlDecrement, Dscp ?? 0, Meter, Meter2];
}
