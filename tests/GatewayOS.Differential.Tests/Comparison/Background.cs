using System.Buffers.Binary;
using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>Tells what a chassis sends of itself from answers to packets.</summary>
internal static class Background
{
    private const int GeneveWithOption = 58;
    private const int GeneveWithoutOption = 50;
    private const int Vxlan = 50;

    /// <summary>ARP, RARP and LLDP, neighbour discovery and MLD, BFD between gateways; also inside a tunnel.</summary>
    public static bool Is(ReadOnlySpan<byte> frame)
    {
        if (IsTunnel(frame, 6081))
        {
            frame = frame[((frame[42] & 0x3f) == 0 ? GeneveWithoutOption : GeneveWithOption)..];
        }
        else if (IsTunnel(frame, 4789))
        {
            frame = frame[Vxlan..];
        }

        var at = 12;
        while (frame.Length >= at + 6 && BinaryPrimitives.ReadUInt16BigEndian(frame[at..]) is 0x8100 or 0x88a8)
        {
            at += 4;
        }

        return frame.Length < at + 2 || BinaryPrimitives.ReadUInt16BigEndian(frame[at..]) switch
        {
            0x0800 => frame.Length >= at + 26 && frame[at + 11] == Protocols.Udp && BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 24)..]) == 3784,
            0x86dd => frame.Length >= at + 43 && (frame[at + 8] == 0 || (frame[at + 8] == Protocols.IcmpV6 && frame[at + 42] >= 130)),
            _ => true,
        };
    }

    private static bool IsTunnel(ReadOnlySpan<byte> frame, int port) =>
        frame.Length >= GeneveWithOption + 14 && frame[12] == 8 && frame[13] == 0 && frame[14] == 0x45 && frame[23] == Protocols.Udp
        && BinaryPrimitives.ReadUInt16BigEndian(frame[36..]) == port;
}
