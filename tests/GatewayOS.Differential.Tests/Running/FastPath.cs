using System.Text;
using GatewayOS.Bmv2;
using GatewayOS.Compiler;
using GatewayOS.Compiler.Emission;
using GatewayOS.Core;
using GatewayOS.Differential.Tests.Comparison;
using GatewayOS.Differential.Tests.Packets;
using GatewayOS.Ovn;
using GatewayOS.P4;

namespace GatewayOS.Differential.Tests.Running;

/// <summary>The compiled entries in the committed P4 artefact, on the software switch.</summary>
internal sealed class FastPath
{
    private const int ExceptionBit = 256;

    private readonly Southbound _southbound;
    private readonly CompiledPipeline _pipeline;
    private readonly SwitchMachine _machine;
    private readonly Dictionary<string, CompiledEntry> _byKey;
    private readonly Collector _collector = new();

    public FastPath(SwitchProgram program, PipelineCompiler compiler, Southbound southbound, string chassis, DeviceView device)
    {
        _southbound = southbound;
        _pipeline = compiler.Compile(southbound, chassis, device);
        _byKey = _pipeline.Entries.ToDictionary(entry => entry.Entry.Key.ToString(), StringComparer.Ordinal);
        _machine = new SwitchMachine(program, TimeProvider.System);
        Assert.Empty(_pipeline.FullTables);
        foreach (var entry in _pipeline.Entries)
        {
            var result = _machine.Insert(EntryForm.EntityOf(entry.Entry));
            Assert.True(result.Code == Bmv2.Control.ControlCode.Ok, $"{entry.Entry}: {result.Message}");
        }
    }

    public string Size => $"{_southbound.LogicalFlows.Count} logical flows, {_pipeline.States} states, {_pipeline.Entries.Count} entries";

    public static SwitchProgram LoadProgram() => SwitchProgram.Load(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gateway.bmv2.json")));

    public Prediction Predict(TestPacket packet)
    {
        var prediction = Process(packet, out var trace);
        if (prediction.Verdict == Verdict.Punt)
        {
            return prediction;
        }

        var hits = trace.Steps.Where(step => step.Hit).Select(step => Find(step.Entry!)).OfType<CompiledEntry>().Select(hit => hit.Entry).ToList();
        prediction = prediction with { Features = [.. Features(packet, prediction, hits)] };
        return hits.Find(hit => hit.Action is ActionSet) is { } choice ? WithOthers(prediction, packet, choice) : prediction;
    }

    private static IEnumerable<string> Features(TestPacket packet, Prediction prediction, List<TableEntry> hits)
    {
        if (hits.Exists(hit => hit.Action is ActionSet))
        {
            yield return Prediction.Choice;
        }

        if (hits.Exists(hit => hit.Action is ActionCall { Name: ActionNames.GoSrc4 or ActionNames.GoSrc6 or ActionNames.GoDst4 or ActionNames.GoDst6 }))
        {
            yield return Prediction.Rewrite;
        }

        if (hits.Exists(hit => hit.Action is ActionCall { Name: ActionNames.Turn }))
        {
            yield return Prediction.Answer;
        }

        if (hits.Exists(hit => hit.Action is ActionCall { Name: ActionNames.Answer }))
        {
            yield return Prediction.Reply;
        }

        if (prediction.Outputs.Count > 1)
        {
            yield return Prediction.Copies;
        }

        if (prediction.Outputs.Append(new Output(packet.Port, packet.Octets)).Any(IsOfContainer))
        {
            yield return Prediction.Container;
        }
    }

    private static bool IsOfContainer(Output frame) =>
        frame.Port > Card.Provider.Number && frame.Octets.Length > 14 && frame.Octets[12] == 0x81 && frame.Octets[13] == 0;

    // If a member is punted nobody knows whether OVS took it.
    private Prediction WithOthers(Prediction prediction, TestPacket packet, TableEntry choice)
    {
        var others = new List<Prediction>();
        foreach (var (call, _) in ((ActionSet)choice.Action).Calls)
        {
            Modify(choice with { Action = new ActionSet([new WeightedCall(call, 1)]) });
            others.Add(Process(packet, out _));
        }

        Modify(choice);
        return others.Find(other => other.Verdict == Verdict.Punt) is { } punt ? punt
            : prediction with { Others = [.. others.Select(other => other.Outputs)] };
    }

    private void Modify(TableEntry entry)
    {
        var result = _machine.Modify(entry);
        Assert.True(result.Code == Bmv2.Control.ControlCode.Ok, result.Message);
    }

    /// <summary>The tables that a packet met, with the logical flows behind the entries it hit.</summary>
    public string Explain(TestPacket packet)
    {
        Process(packet, out var trace);
        var text = new StringBuilder();
        foreach (var step in trace.Steps.Where(step => step.Hit))
        {
            text.AppendLine($"  {step.Table}: {step.Entry}");
            if (Find(step.Entry!) is { } entry)
            {
                foreach (var flow in entry.Flows)
                {
                    text.AppendLine($"      {Describe(flow)}");
                }
            }
        }

        return text.ToString();
    }

    private Prediction Process(TestPacket packet, out PacketTrace trace)
    {
        trace = new PacketTrace();
        _collector.Outputs.Clear();
        _machine.Process(packet.Port, packet.Octets, _collector, trace);
        switch (_collector.Outputs)
        {
            case []:
                return new Prediction(Verdict.Drop, [], "");
            case [var only] when only.Port == (packet.Port ^ ExceptionBit):
                Assert.True(only.Octets.AsSpan().SequenceEqual(packet.Octets), $"punted, but changed: {packet}\n{only}");
                return new Prediction(Verdict.Punt, [], ReasonOf((uint)trace["meta.reason"]));
            default:
                Assert.DoesNotContain(_collector.Outputs, output => output.Port >= ExceptionBit);
                return new Prediction(Verdict.Forward, _collector.Outputs.ToEquatableArray(), "");
        }
    }

    private string ReasonOf(uint reason) =>
        reason < PuntReasons.FirstOfCompiler ? PuntReasons.Describe((PuntReason)reason) : _pipeline.Reasons.GetValueOrDefault(reason, $"reason {reason}");

    private CompiledEntry? Find(TableEntry hit)
    {
        var table = hit.Table[(hit.Table.LastIndexOf('.') + 1)..];
        return _byKey.GetValueOrDefault((hit with { Table = table }).Key.ToString());
    }

    private string Describe(Guid uuid) =>
        _southbound.LogicalFlows.Find(uuid) is not { } flow ? uuid.ToString()
        : $"{flow.ExternalIds.Find("stage-name")} {flow.Priority} ({flow.Match}) {flow.Actions}";

    private sealed class Collector : IPacketSink
    {
        public List<Output> Outputs { get; } = [];

        public void Send(int port, ReadOnlySpan<byte> packet) => Outputs.Add(new Output(port, packet.ToArray()));

        public void Digest(string digest, IReadOnlyList<UInt128> values) => Assert.Fail($"a digest {digest}");
    }
}
