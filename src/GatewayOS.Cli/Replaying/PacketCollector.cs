using GatewayOS.Bmv2;

namespace GatewayOS.Cli.Replaying;

internal sealed class PacketCollector : IPacketSink
{
    public List<(int Port, string Hex)> Packets { get; } = [];

    public void Send(int port, ReadOnlySpan<byte> packet) => Packets.Add((port, Convert.ToHexStringLower(packet)));

    public void Digest(string digest, IReadOnlyList<UInt128> values)
    {
        // The pipeline has no digests.
    }
}
