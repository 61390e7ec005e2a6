using System.Buffers.Binary;
using GatewayOS.Core;
using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>A frame whose outer UDP checksum comes out as 0, which must be sent as 0xffff (RFC 768).</summary>
/// <remarks>
/// The source port of the tunnel is the device's choice, by the addresses and ports inside. The inner Ethernet source is covered by no other
/// checksum and is not part of that choice: with the checksum of one frame in its place, the sum of the next is 0.
/// </remarks>
public static class OuterChecksumCase
{
    private const int OuterUdpChecksum = 40;

    public static IReadOnlyList<PipelineEntity> Entities { get; } =
        [.. EnterPort(2, 10), .. TunnelOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(30, 0))];

    /// <summary>The outer UDP checksum of a frame for which it would be 0.</summary>
    /// <param name="exchange">Sends a frame into the device, gives what leaves it.</param>
    public static ushort Of(Func<PortFrame, IReadOnlyList<PortFrame>> exchange)
    {
        return Checksum(Checksum(0));

        ushort Checksum(ushort source) => BinaryPrimitives.ReadUInt16BigEndian(exchange(
            new PortFrame(2, (PipelineCases.Tcp with { EthSrc = new MacAddress(source) }).ToBytes())).Single().Octets.AsSpan(OuterUdpChecksum));
    }
}
