using System.CommandLine;
using System.Globalization;
using GatewayOS.Cli.Output;
using GatewayOS.Control.Reporting;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl connections</c>: which connections there are, who forwards them, and why software does if it does.</summary>
internal static class ConnectionsCommand
{
    private const string ClearScreen = "\e[H\e[2J";

    public static Command Create(TextWriter output)
    {
        var (json, socket, configuration) = (JsonOption.Create(), AgentClient.SocketOption(), AgentClient.ConfigurationOption());
        var address = new Option<string?>("--address") { Description = "Only with this address, before or after translation.", HelpName = "IP" };
        var port = new Option<int?>("--port") { Description = "Only with this TCP or UDP port.", HelpName = "N" };
        var protocol = new Option<string?>("--protocol") { Description = "Only of this protocol.", HelpName = "PROTOCOL" };
        protocol.AcceptOnlyFromAmong("tcp", "udp", "icmp", "icmpv6", "sctp");
        var zone = new Option<int?>("--zone") { Description = "Only of this conntrack zone.", HelpName = "N" };
        var logicalPort = new Option<string?>("--logical-port") { Description = "Only those that come in by this logical port.", HelpName = "NAME" };
        var offloaded = new Option<bool>("--offloaded") { Description = "Only those that the device forwards." };
        var software = new Option<bool>("--software") { Description = "Only those that are left to OVS." };
        var top = new Option<int?>("--top") { Description = "Only so many, those with the most packets.", HelpName = "N" };
        var watch = new Option<double?>("--watch")
        {
            Description = "Shows them again and again with packets a second, every SECONDS (2).",
            HelpName = "SECONDS",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("connections", "Lists tracked connections: what the device forwards of them, and why OVS does the rest.")
        {
            address, port, protocol, zone, logicalPort, offloaded, software, top, watch, json, socket, configuration,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(offloaded) && result.GetValue(software))
            {
                result.AddError("--offloaded and --software leave nothing to show; give one of them");
            }
        });
        command.SetAction(async (line, token) =>
        {
            var path = AgentClient.PathOf(line.GetValue(socket), line.GetValue(configuration));
            var isWatching = line.GetResult(watch) is not null;
            var filter = new ConnectionFilter(
                line.GetValue(address), line.GetValue(port), line.GetValue(protocol), line.GetValue(zone), line.GetValue(logicalPort),
                line.GetValue(offloaded) ? true : line.GetValue(software) ? false : null, line.GetValue(top) ?? (isWatching ? 30 : null));
            if (!isWatching)
            {
                var all = await ReadAsync(path, filter, token);
                await output.WriteAsync(line.GetValue(json) ? JsonText.Of(all) + output.NewLine : Text(all, null));
                return;
            }

            await WatchAsync(output, () => ReadAsync(path, filter, token), TimeSpan.FromSeconds(line.GetValue(watch) ?? 2), token);
        });
        return command;
    }

    private static async Task<IReadOnlyList<ConnectionReport>> ReadAsync(string path, ConnectionFilter filter, CancellationToken token) =>
        (await AgentClient.AskAsync(path, new ControlRequest("connections", Connections: filter), token)).Connections!;

    private static async Task WatchAsync(TextWriter output, Func<Task<IReadOnlyList<ConnectionReport>>> read, TimeSpan period, CancellationToken token)
    {
        using var timer = new PeriodicTimer(period);
        var before = new Dictionary<object, long>();
        do
        {
            var all = await read();
            var rates = all.Where(one => before.ContainsKey(KeyOf(one)))
                .ToDictionary(KeyOf, one => Math.Max(0, Packets(one) - before[KeyOf(one)]) / period.TotalSeconds);
            before = all.ToDictionary(KeyOf, Packets);
            await output.WriteAsync(ClearScreen + Text([.. all.OrderByDescending(one => rates.GetValueOrDefault(KeyOf(one)))], rates));
            await output.FlushAsync(token);
        }
        while (await timer.WaitForNextTickAsync(token));
    }

    private static object KeyOf(ConnectionReport one) => (one.Zone, one.Protocol, one.Original?.Source, one.Original?.Destination, one.Reply?.Source, one.Reply?.Destination);

    private static long Packets(ConnectionReport one) => (one.Original?.Packets ?? 0) + (one.Reply?.Packets ?? 0);

    private static string Text(IReadOnlyList<ConnectionReport> all, Dictionary<object, double>? rates) =>
        $"{"zone",5} {"proto",-6} {"",2} {"packets",10} {"octets",12} {(rates is null ? "" : $"{"a second",9} ")} connection\n"
        + string.Concat(all.SelectMany(one => Lines(one, rates)))
        + string.Create(CultureInfo.InvariantCulture, $"{all.Count} connections, {all.Count(one => one.IsOffloaded)} on the device\n");

    private static IEnumerable<string> Lines(ConnectionReport one, Dictionary<object, double>? rates)
    {
        var isFirst = true;
        foreach (var (arrow, direction) in new[] { ("->", one.Original), ("<-", one.Reply) })
        {
            if (direction is null)
            {
                continue;
            }

            var rate = rates is null ? "" : $"{(isFirst ? Rate(rates.GetValueOrDefault(KeyOf(one))) : ""),9} ";
            var how = direction.IsOffloaded ? direction.Translated.Length == 0 ? "" : $"  [{direction.Translated}]" : $"  OVS: {one.Obstacle ?? direction.Obstacle}";
            var by = direction.LogicalPorts.Count == 0 ? "" : $"  by {string.Join(", ", direction.LogicalPorts)}";
            yield return $"{(isFirst ? Number(one.Zone) : ""),5} {(isFirst ? one.Protocol : ""),-6} {arrow} {Number(direction.Packets),10} {Number(direction.Octets),12} {rate} {direction.Source} > {direction.Destination}{by}{how}\n";
            isFirst = false;
        }
    }

    private static string Number(long? value) => value is { } number ? number.ToString(CultureInfo.InvariantCulture) : "-";

    private static string Rate(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
