using GatewayOS.Bmv2;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>Follows packets through the pipeline, in the software switch with the content of a device, and says what happened and why.</summary>
/// <remarks>
/// The software switch is compared packet by packet with bmv2 (GatewayOS.SoftSwitch.Tests), so what it does here is what the device does. The
/// device itself sees nothing of it. One caller at a time.
/// </remarks>
public sealed class PacketExplainer
{
    private readonly SwitchMachine _machine;
    private readonly DeviceContent _content;
    private readonly FlowCatalogue _flows;
    private readonly Func<int, string?> _portName;

    /// <param name="program">The program of the device, for the software switch.</param>
    /// <param name="content">What its tables hold.</param>
    /// <param name="flows">Describes the flows behind them.</param>
    /// <param name="portName">The name of a front port, null for one that has none.</param>
    /// <exception cref="ExplainException">The software switch does not take the content.</exception>
    public PacketExplainer(SwitchProgram program, DeviceContent content, FlowCatalogue flows, Func<int, string?> portName)
    {
        (_machine, _content, _flows, _portName) = (new SwitchMachine(program, TimeProvider.System), content, flows, portName);
        foreach (var entity in content.Entities)
        {
            if (_machine.Insert(entity) is { IsOk: false } refusal)
            {
                throw new ExplainException($"the software switch does not take {entity}: {refusal.Message}");
            }
        }
    }

    /// <param name="port">The front port.</param>
    /// <param name="packet">Octets from the Ethernet header on.</param>
    /// <param name="remarks">What <see cref="Packets.MadePacket"/> has to say.</param>
    public Explanation Explain(int port, byte[] packet, params IReadOnlyList<string> remarks)
    {
        var trace = new PacketTrace();
        var sink = new OutputSink();
        _machine.Process(port, packet, sink, trace);
        var lookups = trace.Steps.Where(step => Pipeline.TablesByName.ContainsKey(step.Table)).ToList();
        var hits = lookups.Where(step => step.Entry is not null).Select(step => new Hit(step.Entry!, _content.OriginOf(step.Entry!))).ToList();
        var outputs = sink.Packets.Select(sent => new ExplainedOutput(NameOf(sent.Port), Convert.ToHexStringLower(sent.Octets), FrameText.Of(sent.Octets)));
        return new Explanation(
            NameOf(port), Convert.ToHexStringLower(packet), FrameText.Of(packet), remarks,
            [.. lookups.Select(Lookup)],
            new VerdictFinder(trace, packet, hits, lookups, _content, _flows).Find([.. outputs]));
    }

    private string NameOf(int port) => _portName(port) ?? FormattableString.Invariant($"device port {port}");

    private ExplainedLookup Lookup(TraceStep step)
    {
        var origin = step.Entry is { } entry ? _content.OriginOf(entry) : null;
        return new ExplainedLookup(
            step.Table,
            KeyText.Of(step.Table, step.Key),
            step.Entry?.Priority ?? 0,
            step.Entry is null ? null : KeyText.Of(step.Table, step.Entry.Match),
            step.Call is null || step.Entry is null ? null : ActionText.Of(step.Call),
            step.Call is null || step.Entry is null ? [] : ActionText.Edits(step.Call),
            origin is not null,
            [.. (origin?.Flows ?? Enumerable.Empty<Guid>()).Select(_flows.Describe)],
            origin?.Cause is { } cause ? (cause.Detail.Length == 0 ? cause.Reason : $"{cause.Reason}: {cause.Detail}") : null);
    }

    private sealed class OutputSink : IPacketSink
    {
        public List<(int Port, byte[] Octets)> Packets { get; } = [];

        public void Send(int port, ReadOnlySpan<byte> packet) => Packets.Add((port, packet.ToArray()));

        public void Digest(string digest, IReadOnlyList<UInt128> values)
        {
            // The pipeline has no digests.
        }
    }
}
