using System.CommandLine;
using GatewayOS.Cli.Output;
using GatewayOS.Control.Reporting;
using Spectre.Console;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl status</c>: how the agent of this machine does.</summary>
internal static class StatusCommand
{
    public static Command Create(TextWriter output)
    {
        var (json, socket, configuration) = (JsonOption.Create(), AgentClient.SocketOption(), AgentClient.ConfigurationOption());
        var command = new Command("status", "Shows the agent: its connections, what it installed, where packets went.") { json, socket, configuration };
        command.SetAction(async (line, token) =>
        {
            var status = (await AgentClient.AskAsync(AgentClient.PathOf(line.GetValue(socket), line.GetValue(configuration)), new ControlRequest("status"), token)).Status!;
            if (line.GetValue(json))
            {
                await output.WriteLineAsync(JsonText.Of(status));
            }
            else
            {
                Print(Consoles.On(output), status);
            }
        });
        return command;
    }

    internal static void Print(IAnsiConsole console, AgentStatus status)
    {
        console.WriteLine($"Chassis {status.Chassis ?? "(not known yet)"}, {(status.Ready ? "the device is in step" : "not ready")}");
        console.Write(Tables.Of("Connections", [("To", false), ("Address", false), ("State", false), ("", false)],
        [
            Peer("device", status.Device), Peer("Open_vSwitch", status.OpenVSwitch), Peer("southbound", status.Southbound),
        ]));
        console.WriteLine(FormattableString.Invariant(
            $"{status.LogicalFlows} logical flows -> {status.States} states, {status.Entries.Values.Sum()} entries ({status.Missing} missing), compiled in {status.CompileSeconds:0.00} s"));
        console.Write(Tables.Of("Ports",
            [("Port", true), ("Exception", false), ("Serves", false), ("Forwarded", true), ("Dropped", true), ("To OVS", true)],
            status.Ports.Select(port => new[]
            {
                Numbers.Text(port.Device), port.Exception, port.InterfaceId ?? string.Join(", ", port.Networks),
                Count(port.Forwarded), Count(port.Dropped), Count(port.Punted),
            })));
        if (status.Connections is { } connections)
        {
            console.WriteLine(FormattableString.Invariant(
                $"Connections: {connections.Known} answered in all zones, {connections.Offloaded} directions on the device, {connections.Resting} silent, {connections.Waiting} waiting ({connections.Refused} beyond the limit, {connections.Failed} refused by the device)"));
        }

        if (status.FastPath.IsKnown)
        {
            console.WriteLine(status.FastPath.Share is { } share ? $"Fast path: {Numbers.Percent(share)} of the packets" : "Fast path: no packets yet");
            console.Write(Tables.Of("Left to OVS", [("Reason", false), ("Packets", true)],
                status.Punts.Select(punt => new[] { punt.Reason, Numbers.Text(punt.Packets) })));
        }

        foreach (var text in status.Refused.Select(refused => $"The device refuses: {refused}").Concat(status.Remarks))
        {
            console.WriteLine(text);
        }
    }

    private static string[] Peer(string name, PeerStatus peer) => [name, peer.Address ?? "", peer.State, peer.Message];

    private static string Count(long? value) => value is { } number ? Numbers.Text(number) : "";
}
