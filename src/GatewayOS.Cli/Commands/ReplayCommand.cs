using System.CommandLine;
using GatewayOS.Cli.Replaying;
using GatewayOS.Compiler;
using GatewayOS.Control.Artefacts;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl replay</c>: what the compiled entries do with given packets, in the real P4 program.</summary>
internal static class ReplayCommand
{
    public static Command Create(Func<Stream> input, TextWriter output, TextWriter error)
    {
        var options = new OfflineOptions(portsRequired: true);
        var command = new Command("replay",
            "Reads {\"port\": NAME, \"packet\": HEX} a line, runs it through the compiled entries, and prints the outcome, one line each.")
        {
            // Always JSON; the option is accepted because all commands have it.
            JsonOption.Create(),
        };
        options.AddTo(command);
        command.SetAction(async (line, token) =>
        {
            var files = await OfflineInput.LoadAsync(line, options, token);
            var pipeline = new PipelineCompiler().Compile(files.Southbound, files.Chassis, files.Ports!.View);
            foreach (var table in pipeline.FullTables)
            {
                await error.WriteLineAsync($"gatewayctl: table {table} is full; what did not fit is left to OVS");
            }

            var machine = ReplayMachine.Create(PipelineArtefacts.Default, pipeline, files.Ports);
            using var reader = new StreamReader(input());
            for (var number = 1; await reader.ReadLineAsync(token) is { } text; number++)
            {
                if (text.Length > 0)
                {
                    await output.WriteLineAsync(ReplayLine.Answer(machine, text, number));
                    await output.FlushAsync(token);
                }
            }
        });
        return command;
    }
}
