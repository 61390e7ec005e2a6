using System.CommandLine;
using System.Globalization;
using GatewayOS.Cli.Explaining;
using GatewayOS.Cli.Output;
using GatewayOS.Control.Reporting;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl lflow-stats</c>: how many packets of the fast path passed each logical flow.</summary>
internal static class LflowStatsCommand
{
    public static Command Create(TextWriter output)
    {
        var (json, socket, configuration) = (JsonOption.Create(), AgentClient.SocketOption(), AgentClient.ConfigurationOption());
        var stage = new Option<string?>("--stage") { Description = "Only flows of this stage, such as ls_in_acl; a part of the name will do.", HelpName = "NAME" };
        var acl = new Option<string?>("--acl")
        {
            Description = "Only flows of ACLs; of the one whose northbound UUID begins so, if given.",
            HelpName = "UUID",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var datapath = new Option<string?>("--datapath") { Description = "Only flows of this switch or router, by name or UUID.", HelpName = "DP" };
        var top = new Option<int?>("--top") { Description = "Only so many, those with the most packets.", HelpName = "N" };
        var command = new Command(
            "lflow-stats",
            "Counts the packets that passed each logical flow in the device. Flows that only packets left to OVS pass are listed, without numbers, if a filter asks for them.")
        {
            stage, acl, datapath, top, json, socket, configuration,
        };
        command.SetAction(async (line, token) =>
        {
            var filter = new FlowFilter(
                line.GetValue(stage), line.GetResult(acl) is null ? null : line.GetValue(acl) ?? "", line.GetValue(datapath), line.GetValue(top));
            var answer = await AgentClient.AskAsync(
                AgentClient.PathOf(line.GetValue(socket), line.GetValue(configuration)), new ControlRequest("flows", Filter: filter), token);
            await output.WriteAsync(line.GetValue(json) ? JsonText.Of(answer.Flows) + output.NewLine : Text(answer.Flows!));
        });
        return command;
    }

    private static string Text(IReadOnlyList<FlowCount> counts) =>
        $"{"packets",12} {"octets",15}  flow\n" + string.Concat(counts.Select(count => $"{Number(count.Packets),12} {Number(count.Octets),15}  {FlowLines.Of(count.Flow)}\n"));

    private static string Number(long? value) => value is { } number ? number.ToString(CultureInfo.InvariantCulture) : "-";
}
