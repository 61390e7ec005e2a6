using System.CommandLine;
using GatewayOS.Cli.Commands;

namespace GatewayOS.Cli;

/// <summary>The command line of gatewayctl.</summary>
public static class CommandTree
{
    private const int Failure = 1;

    /// <returns>0; 1 when the command failed, with one line on <paramref name="error"/>; 1 also for a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] arguments, Func<Stream> input, TextWriter output, TextWriter error, CancellationToken token = default)
    {
        var root = new RootCommand("Looks into GatewayOS: the agent of this machine, or a southbound database offline.")
        {
            StatusCommand.Create(output),
            EntriesCommand.Create(output),
            CompileCommand.Create(output, error),
            ReplayCommand.Create(input, output, error),
            LflowCommand.Create(input, output),
            TraceCommand.Create(output),
            ExplainCommand.Create(output, error),
            PuntsCommand.Create(output),
            LflowStatsCommand.Create(output),
            ConnectionsCommand.Create(output),
        };
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        try
        {
            return await root.Parse(arguments).InvokeAsync(configuration, token);
        }
        catch (CommandException failure)
        {
            await error.WriteLineAsync($"gatewayctl: {failure.Message}");
            return Failure;
        }
    }
}
