using System.CommandLine;
using System.Globalization;
using GatewayOS.Cli.Explaining;
using GatewayOS.Cli.Output;
using GatewayOS.Control.Reporting;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl punts</c>: why packets went to OVS, by packets, with what causes it.</summary>
internal static class PuntsCommand
{
    private const int CausesShown = 5;

    public static Command Create(TextWriter output)
    {
        var (json, socket, configuration) = (JsonOption.Create(), AgentClient.SocketOption(), AgentClient.ConfigurationOption());
        var command = new Command("punts", "Ranks the reasons why packets were left to OVS by packets, with the logical flows and actions behind each.")
        {
            json, socket, configuration,
        };
        command.SetAction(async (line, token) =>
        {
            var answer = await AgentClient.AskAsync(AgentClient.PathOf(line.GetValue(socket), line.GetValue(configuration)), new ControlRequest("punts"), token);
            await output.WriteAsync(line.GetValue(json) ? JsonText.Of(answer.Punts) + output.NewLine : string.Concat(answer.Punts!.Select(Text)));
        });
        return command;
    }

    // PACKETS REASON, then what would change it, and the causes with their own packets.
    private static string Text(PuntReport punt)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{punt.Packets,12}  {punt.Reason}{(punt.Background ? " (background)" : "")}"),
        };
        if (punt.Remedy is { } remedy)
        {
            lines.Add($"              {remedy}");
        }

        foreach (var cause in punt.Causes.Where(cause => cause.Packets > 0).Take(CausesShown))
        {
            var what = cause.Flow is { } flow ? FlowLines.Of(flow) : cause.Detail;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{cause.Packets,18}  {what}"));
        }

        return string.Concat(lines.Select(line => line + "\n"));
    }
}
