using GatewayOS.P4;

namespace GatewayOS.Testing.Pipeline;

/// <summary>A frame through a pipeline with some entries: what any target of <c>p4/gateway.p4</c> must do with it.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Entities">What the tables hold; multicast groups come first.</param>
/// <param name="Sent">The frame and the port it arrives at.</param>
/// <param name="Received">What leaves the device, in any order.</param>
/// <param name="Reason">The cell of the counter <c>punts</c> that grows by one, or null.</param>
public sealed record PipelineCase(
    string Name, IReadOnlyList<PipelineEntity> Entities, PortFrame Sent, IReadOnlyList<PortFrame> Received, int? Reason)
{
    private const int OuterUdp = 34;
    private const int LowestPort = 32768;
    private const int HighestPort = 60999;

    public override string ToString() => Name;

    /// <summary>What is wrong with the frames that left, as lines, or null.</summary>
    public string? Difference(IReadOnlyList<PortFrame> actual)
    {
        var expected = Received.Select(frame => frame.AnySourcePort ? WithSourcePort(frame, actual) : frame).Select(Line).Order();
        var found = actual.Select(Line).Order();
        return expected.SequenceEqual(found)
            ? null
            : $"sent\n  {Sent}\nexpected\n  {string.Join("\n  ", expected)}\nbut received\n  {string.Join("\n  ", found)}";
    }

    private static string Line(PortFrame frame) => frame.ToString();

    // The checksum covers the port: moving a value from one 16-bit word of the sum to another is a subtraction and an addition.
    private static PortFrame WithSourcePort(PortFrame frame, IReadOnlyList<PortFrame> actual)
    {
        var match = actual.FirstOrDefault(other => other.Port == frame.Port && other.Octets.Length == frame.Octets.Length);
        if (match is null)
        {
            return frame;
        }

        var port = match.Octets[OuterUdp] << 8 | match.Octets[OuterUdp + 1];
        if (port is < LowestPort or > HighestPort)
        {
            return frame;
        }

        byte[] octets = [.. frame.Octets];
        InternetChecksum.Big16(port).CopyTo(octets, OuterUdp);
        if ((octets[OuterUdp + 6] | octets[OuterUdp + 7]) != 0)
        {
            octets[OuterUdp + 6] = octets[OuterUdp + 7] = 0;
            byte[] pseudo = [.. octets[26..34], 0, 17, .. octets[38..40]];
            InternetChecksum.Big16(InternetChecksum.Compute(pseudo, octets[OuterUdp..])).CopyTo(octets, OuterUdp + 6);
        }

        return frame with { Octets = octets };
    }
}
