namespace GatewayOS.Differential.Tests.Packets;

/// <summary>A packet that left by a front port.</summary>
internal sealed record Output(int Port, byte[] Octets)
{
    public override string ToString() => $"port {Port}: {Convert.ToHexStringLower(Octets)}";
}
