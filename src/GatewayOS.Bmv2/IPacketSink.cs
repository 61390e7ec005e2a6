namespace GatewayOS.Bmv2;

/// <summary>Takes what leaves the pipeline.</summary>
public interface IPacketSink
{
    /// <summary>A packet leaves by a port. The octets are valid only during the call.</summary>
    public void Send(int port, ReadOnlySpan<byte> packet);

    /// <summary>The program tells the controller something (P4Runtime 1.4, 9.6).</summary>
    /// <param name="digest">The name of the list of fields.</param>
    /// <param name="values">The values of its fields.</param>
    public void Digest(string digest, IReadOnlyList<UInt128> values);
}
