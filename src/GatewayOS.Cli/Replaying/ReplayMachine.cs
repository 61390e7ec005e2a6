using GatewayOS.Bmv2;
using GatewayOS.Compiler;
using GatewayOS.Compiler.Emission;
using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Ports;
using GatewayOS.P4;

namespace GatewayOS.Cli.Replaying;

/// <summary>The software switch with the committed program and the compiled entries.</summary>
internal sealed class ReplayMachine
{
    private const int VerdictForward = 1, VerdictDrop = 2;

    private readonly SwitchMachine _machine;
    private readonly PortsFile _ports;
    private readonly CompiledPipeline _pipeline;
    private readonly Dictionary<EntryKey, CompiledEntry> _entries;
    private readonly PacketCollector _sent = new();

    private ReplayMachine(SwitchMachine machine, PortsFile ports, CompiledPipeline pipeline)
    {
        (_machine, _ports, _pipeline) = (machine, ports, pipeline);
        _entries = pipeline.Entries.ToDictionary(entry => entry.Entry.Key);
    }

    /// <exception cref="CommandException">The program does not load or refuses an entry.</exception>
    public static ReplayMachine Create(PipelineArtefacts artefacts, CompiledPipeline pipeline, PortsFile ports)
    {
        try
        {
            var machine = new SwitchMachine(SwitchProgram.Load(File.ReadAllBytes(artefacts.DeviceConfig)), TimeProvider.System);
            foreach (var compiled in pipeline.Entries)
            {
                if (machine.Insert(EntryForm.EntityOf(compiled.Entry)) is { IsOk: false } refusal)
                {
                    throw new CommandException($"the software switch refuses {compiled.Entry}: {refusal.Message}");
                }
            }

            return new ReplayMachine(machine, ports, pipeline);
        }
        catch (Exception failure) when (failure is IOException or ProgramFormatException)
        {
            throw new CommandException($"the P4 program {artefacts.DeviceConfig} cannot be loaded: {failure.Message}", failure);
        }
    }

    public int? NumberOf(string port) => _ports.NumberOf.TryGetValue(port, out var number) ? number : null;

    public IEnumerable<string> PortNames => _ports.NumberOf.Keys.Order(StringComparer.Ordinal);

    public ReplayResult Process(int port, byte[] packet)
    {
        var trace = new PacketTrace();
        _sent.Packets.Clear();
        _machine.Process(port, packet, _sent, trace);
        var hit = trace.Steps.Select(step => step.Entry).OfType<TableEntry>()
            .Select(entry => _entries.GetValueOrDefault(entry.Key)).OfType<CompiledEntry>().ToList();
        var flows = hit.SelectMany(entry => entry.Flows).Distinct().ToList();
        return (int)trace["meta.verdict"] switch
        {
            VerdictForward => new ReplayResult(
                Verdict.Forward, [.. _sent.Packets.Select(sent => new ReplayOutput(NameOf(sent.Port), sent.Hex))], "", flows),
            VerdictDrop => new ReplayResult(Verdict.Drop, [], DropReason(hit, trace), flows),
            _ => new ReplayResult(Verdict.Punt, [], PuntReason((uint)trace["meta.reason"], hit), flows),
        };
    }

    private string NameOf(int port) => _ports.NameOf(port) ?? FormattableString.Invariant($"device port {port}");

    private static string DropReason(List<CompiledEntry> hit, PacketTrace trace) =>
        hit is [.., var last] && last.Entry.Action is ActionCall { Name: ActionNames.Deny or ActionNames.Discard } ? "a logical flow drops it"
        : trace["meta.loop"] != 0 ? "it would go back to the logical port it came from"
        : "dropped";

    private string PuntReason(uint reason, List<CompiledEntry> hit)
    {
        if (reason < PuntReasons.FirstOfCompiler)
        {
            return PuntReasons.Describe((PuntReason)reason);
        }

        // The last entry with this reason is the one that the packet ended in.
        var text = _pipeline.Reasons.GetValueOrDefault(reason) ?? FormattableString.Invariant($"reason {reason}");
        var cause = hit.LastOrDefault(entry => entry.Cause?.Reason == text)?.Cause;
        return cause is null or { Detail: "" } ? text : $"{text}: {cause.Detail}";
    }
}
