using System.CommandLine;
using GatewayOS.Bmv2;
using GatewayOS.Cli.Explaining;
using GatewayOS.Cli.Output;
using GatewayOS.Compiler;
using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Reporting;
using GatewayOS.Explain;
using GatewayOS.Explain.Packets;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl explain</c>: what the device does with one packet, lookup by lookup, and why.</summary>
internal static class ExplainCommand
{
    private const string Description = $"""
        Shows what the device does with one packet, lookup by lookup: the entries hit, the logical flows behind them, the edits, and
        the verdict with the octets that leave, or what leaves the packet to OVS and what would change that.
        A packet in words is a microflow as for ovn-trace, such as 'inport == "vm1" && ip4.src == 10.0.0.5 && ip4.dst == 8.8.8.8 && udp.dst == 53',
        or {ShortForm.Syntax}.
        What it leaves out is completed from the southbound database; from a port on another chassis it comes as that chassis would send it.
        Asks the agent, or with --sb, --chassis and --ports works on a database.
        """;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var (json, socket, configuration) = (JsonOption.Create(), AgentClient.SocketOption(), AgentClient.ConfigurationOption());
        var inPort = new Option<string?>("--in-port") { Description = "The front port that the packet comes in by, name or number.", HelpName = "PORT" };
        var packet = new Option<string?>("--packet") { Description = "The packet, from the Ethernet header on.", HelpName = "HEX" };
        var flow = new Option<string?>("--flow") { Description = "The packet in words.", HelpName = "TEXT" };
        var all = new Option<bool>("--all") { Description = "Show misses, and flows that only pass the packet on, as well (JSON has them always)." };
        var options = new OfflineOptions(portsRequired: false, isOnlyOffline: false);
        var command = new Command("explain", Description) { inPort, packet, flow, all, json, socket, configuration };
        options.AddTo(command);
        command.SetAction(async (line, token) =>
        {
            var asked = new ControlRequest("explain", InPort: line.GetValue(inPort), Packet: line.GetValue(packet), Flow: line.GetValue(flow));
            var explanation = line.GetValue(options.Southbound) is null
                ? (await AgentClient.AskAsync(AgentClient.PathOf(line.GetValue(socket), line.GetValue(configuration)), asked, token)).Explanation!
                : Explain(asked, await InputAsync(line, options, token), error);
            await output.WriteAsync(line.GetValue(json) ? JsonText.Of(explanation) + output.NewLine : ExplanationText.Of(explanation, line.GetValue(all)));
        });
        return command;
    }

    private static async Task<OfflineInput> InputAsync(ParseResult line, OfflineOptions options, CancellationToken token) =>
        line.GetValue(options.Chassis) is not null && line.GetValue(options.Ports) is not null
            ? await OfflineInput.LoadAsync(line, options, token)
            : throw new CommandException("--sb, --chassis and --ports belong together: give all three");

    private static Explanation Explain(ControlRequest asked, OfflineInput input, TextWriter error)
    {
        var ports = input.Ports!;
        try
        {
            var made = PacketRequest.Read(asked.InPort, asked.Packet, asked.Flow, ports.View).Make(input.Southbound, input.Chassis, ports.View);
            var pipeline = new PipelineCompiler().Compile(input.Southbound, input.Chassis, ports.View);
            foreach (var table in pipeline.FullTables)
            {
                error.WriteLine($"gatewayctl: table {table} is full; what did not fit is left to OVS");
            }

            var program = SwitchProgram.Load(File.ReadAllBytes(PipelineArtefacts.Default.DeviceConfig));
            return new PacketExplainer(program, DeviceContent.Of(pipeline), new FlowCatalogue(input.Southbound), ports.NameOf)
                .Explain(made.Port, made.Octets, made.Remarks);
        }
        catch (ExplainException failure)
        {
            throw new CommandException(failure.Message.ReplaceLineEndings(" "), failure);
        }
        catch (Exception failure) when (failure is IOException or ProgramFormatException)
        {
            throw new CommandException($"the P4 program {PipelineArtefacts.Default.DeviceConfig} cannot be loaded: {failure.Message}", failure);
        }
    }
}
