namespace GatewayOS.Bmv2.Tests;

/// <summary>Keeps what leaves a machine.</summary>
internal sealed class Collector : IPacketSink
{
    public List<(int Port, string Octets)> Packets { get; } = [];

    public List<(string Name, UInt128[] Values)> Digests { get; } = [];

    public void Send(int port, ReadOnlySpan<byte> packet) => Packets.Add((port, Convert.ToHexStringLower(packet)));

    public void Digest(string digest, IReadOnlyList<UInt128> values) => Digests.Add((digest, [.. values]));

    public static (int Port, string Octets)[] Run(SwitchMachine machine, int port, string octets, PacketTrace? trace = null)
    {
        var collector = new Collector();
        machine.Process(port, Convert.FromHexString(octets.Replace(" ", "", StringComparison.Ordinal)), collector, trace);
        return [.. collector.Packets];
    }
}
