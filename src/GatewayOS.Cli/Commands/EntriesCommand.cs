using System.CommandLine;
using System.Globalization;
using GatewayOS.Cli.Output;
using GatewayOS.Control.Reporting;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl entries</c>: what is on the device, where it comes from and how often it was hit.</summary>
internal static class EntriesCommand
{
    public static Command Create(TextWriter output)
    {
        var (json, socket, configuration) = (JsonOption.Create(), AgentClient.SocketOption(), AgentClient.ConfigurationOption());
        var table = new Option<string?>("--table") { Description = "Only this table of the pipeline (p4/README.md).", HelpName = "NAME" };
        var command = new Command("entries", "Lists the entries on the device with their logical flows and counters.") { json, socket, configuration, table };
        command.SetAction(async (line, token) =>
        {
            var answer = await AgentClient.AskAsync(AgentClient.PathOf(line.GetValue(socket), line.GetValue(configuration)), new ControlRequest("entries", line.GetValue(table)), token);
            if (line.GetValue(json))
            {
                await output.WriteLineAsync(JsonText.Of(answer.Entries));
                return;
            }

            foreach (var entry in answer.Entries!)
            {
                await output.WriteLineAsync(Text(entry));
            }
        });
        return command;
    }

    // table[priority] match -> action    N packets    cause    flows, by their first 8 digits as in ovn-sbctl
    private static string Text(EntryStatus entry)
    {
        var priority = entry.Priority == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{entry.Priority}]");
        var packets = entry.Packets is { } count ? string.Create(CultureInfo.InvariantCulture, $"  {count} packets") : "";
        var cause = entry.Cause is { } text ? $"  ({text})" : "";
        var flows = entry.Flows.Count == 0 ? "" : $"  flows {string.Join(' ', entry.Flows.Select(flow => flow.ToString()[..8]))}";
        return $"{entry.Table}{priority} {entry.Match} -> {entry.Action}{packets}{cause}{flows}";
    }
}
