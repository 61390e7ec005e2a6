using System.Buffers.Binary;
using GatewayOS.Differential.Tests.Running;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>By what a packet comes in or goes out.</summary>
internal static class Way
{
    public const string Provider = "provider";
    public const string Vif = "VIF";
    public const string Geneve = "Geneve";
    public const string Vxlan = "VXLAN";
    public const string Vtep = "VTEP";

    // OVN's keys of 12 bits for datapath and output port; a VTEP switch names no port.
    private const int DatapathBits = 12;

    /// <param name="card">The front port.</param>
    /// <param name="frame">What passes it; by the underlay a tunnel packet without IP options, as all are that are forwarded.</param>
    public static string Of(int card, ReadOnlySpan<byte> frame) =>
        card == Card.Provider.Number ? Provider
        : card != Card.Underlay.Number ? Vif
        : BinaryPrimitives.ReadUInt16BigEndian(frame[36..]) switch
        {
            6081 => Geneve,
            4789 => BinaryPrimitives.ReadUInt32BigEndian(frame[46..]) >> (8 + DatapathBits) == 0 ? Vtep : Vxlan,
            var port => throw new ArgumentException($"no tunnel has UDP port {port}", nameof(frame)),
        };
}
