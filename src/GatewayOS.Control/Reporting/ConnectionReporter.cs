using System.Diagnostics;
using System.Globalization;
using GatewayOS.Connections;
using GatewayOS.Control.Running;
using GatewayOS.Control.Tracking;
using GatewayOS.Core;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reporting;

/// <summary>Answers which connections there are, and who forwards them.</summary>
public sealed class ConnectionReporter(GatewayControl control)
{
    private static readonly string[] s_tables = [TableNames.Connection4, TableNames.Connection6];

    /// <summary>The connections that the filter wants, those with the most packets on the device first.</summary>
    /// <exception cref="P4RuntimeException">The device does not answer.</exception>
    public async Task<IReadOnlyList<ConnectionReport>> ConnectionsAsync(ConnectionFilter filter, CancellationToken token)
    {
        var hits = new Dictionary<EntryKey, CounterValue>();
        foreach (var table in control.Session is { } session ? s_tables : [])
        {
            await foreach (var (entry, value) in control.SessionOrThrow().ReadEntriesAsync(table, counters: true, token))
            {
                if (value is { } counter)
                {
                    hits[entry.Key] = counter;
                }
            }
        }

        var all = await control.AskConnectionsAsync(
            keeper => keeper.All().Select(one => Report(one.Connection, one.Original, one.Reply, hits)).Where(one => Wants(filter, one)).ToList(), token);
        return [.. (all ?? []).OrderByDescending(Packets).ThenBy(one => one.Zone).Take(filter.Top ?? int.MaxValue)];
    }

    private static long Packets(ConnectionReport report) => (report.Original?.Packets ?? 0) + (report.Reply?.Packets ?? 0);

    private static ConnectionReport Report(
        Connection connection, TrackedDirection? original, TrackedDirection? reply, Dictionary<EntryKey, CounterValue> hits)
    {
        var (there, back) = (Report(original, hits), Report(reply, hits));
        DirectionReport?[] directions = [there, back];
        return new ConnectionReport(
            connection.Zone, Protocol(connection.Original.Protocol),
            directions.Any(direction => direction is not null) && directions.All(direction => direction is not { IsOffloaded: false }),
            there ?? Unseen(connection.Original, reply is null), back ?? Unseen(connection.Reply, original is null), OffloadObstacles.Of(connection) is not OffloadObstacle.None and var obstacle ? Text(obstacle) : null);
    }

    // A connection that is not followed has no directions of its own yet.
    private static DirectionReport? Unseen(ConnectionTuple tuple, bool isNeither) => !isNeither ? null : new DirectionReport(
        Source(tuple), End(tuple.DestinationAddress, tuple.DestinationPort, tuple), "", [], false, null, null, null);

    private static DirectionReport? Report(TrackedDirection? direction, Dictionary<EntryKey, CounterValue> hits)
    {
        if (direction is null || !direction.Packets.Any(packets => packets.IsFirst))
        {
            return null;
        }

        var tuple = direction.Question.Tuple;
        var counts = direction.Written.Select(written => hits.GetValueOrDefault(written.Number.Key)).ToList();
        return new DirectionReport(
            Source(tuple), End(tuple.DestinationAddress, tuple.DestinationPort, tuple),
            direction.Packets.SelectMany(packets => packets.Verdicts).Select(verdict => Text(verdict.Rewrite, tuple)).FirstOrDefault(text => text.Length > 0) ?? "",
            [.. direction.Packets.Where(packets => packets.IsFirst).Select(packets => packets.LogicalPort).Distinct(StringComparer.Ordinal)],
            direction.IsOffloaded,
            counts.Count == 0 ? null : counts.Sum(count => count.Packets), counts.Count == 0 ? null : counts.Sum(count => count.Octets),
            direction.IsOffloaded ? null
            : direction.Written.Count > 0 ? "silent: OVS is to see its next packet"
            : direction.Packets.Select(packets => packets.Obstacle).FirstOrDefault(text => text is not null)
            ?? (direction.HasVerdicts ? "waits for its turn, or for room on the device" : "no compiled way leads here"));
    }

    // The identifier tells echoes between the same two apart.
    private static string Source(ConnectionTuple tuple) =>
        tuple.IsIcmp ? string.Create(CultureInfo.InvariantCulture, $"{tuple.SourceAddress} id {tuple.SourcePort}") : End(tuple.SourceAddress, tuple.SourcePort, tuple);

    private static string End(IpAddress address, ushort port, ConnectionTuple tuple) =>
        tuple.IsIcmp ? address.ToString()
        : tuple.IsIpv6 ? string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");

    private static string Text(ConnectionRewrite rewrite, ConnectionTuple tuple)
    {
        string?[] parts =
        [
            rewrite.Src is { } source ? $"src {new IpAddress(source, tuple.IsIpv6)}" : null,
            rewrite.L4Src is { } from ? string.Create(CultureInfo.InvariantCulture, $"{(tuple.IsIcmp ? "id" : "src port")} {from}") : null,
            rewrite.Dst is { } destination ? $"dst {new IpAddress(destination, tuple.IsIpv6)}" : null,
            rewrite.L4Dst is { } to ? string.Create(CultureInfo.InvariantCulture, $"dst port {to}") : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private static bool Wants(ConnectionFilter filter, ConnectionReport report)
    {
        DirectionReport[] directions = [.. new[] { report.Original, report.Reply }.OfType<DirectionReport>()];
        bool Any(Func<DirectionReport, bool> test) => Array.Exists(directions, direction => test(direction));
        return (filter.Zone is null || report.Zone == filter.Zone)
            && (filter.Protocol is null || report.Protocol == filter.Protocol)
            && (filter.IsOffloaded is null || report.IsOffloaded == filter.IsOffloaded)
            && (filter.LogicalPort is null || Any(direction => direction.LogicalPorts.Contains(filter.LogicalPort)))
            && (filter.Address is null || Any(direction => Addresses(direction).Any(text => IsAddress(text, filter.Address))))
            && (filter.Port is not { } port || Any(direction => Addresses(direction).Any(text => text.EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port}"), StringComparison.Ordinal))));
    }

    private static IEnumerable<string> Addresses(DirectionReport direction) => [direction.Source, direction.Destination];

    private static bool IsAddress(string end, string address) =>
        end == address || end.StartsWith($"{address}:", StringComparison.Ordinal) || end.StartsWith($"[{address}]:", StringComparison.Ordinal);

    private static string Protocol(TransportProtocol protocol) => protocol.ToString().ToLowerInvariant();

    private static string Text(OffloadObstacle obstacle) => obstacle switch
    {
        OffloadObstacle.Unconfirmed => "its first packet is on the way",
        OffloadObstacle.Unanswered => "nobody has answered",
        OffloadObstacle.NotEstablished => "TCP is opening or closing",
        OffloadObstacle.Helper => "a helper reads its data",
        OffloadObstacle.Dying => "it is about to end",
        OffloadObstacle.NotEcho => "ICMP other than echo",
        OffloadObstacle.None => "",
        _ => throw new UnreachableException(),
    };
}
