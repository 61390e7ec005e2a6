using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using GatewayOS.Benchmarks.Changes;
using GatewayOS.Compiler;
using GatewayOS.Connections;
using GatewayOS.Control.Ports;
using GatewayOS.Control.Tracking;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Testing;

namespace GatewayOS.Benchmarks.Connections;

/// <summary>What it costs to have connections on a device: those of a floating IP of the database, from many hosts outside.</summary>
internal sealed class ConnectionCosts(Southbound southbound, string chassis)
{
    private const int Burst = 512, Single = 2000;
    private const ushort FirstZone = 100;

    private static readonly Regex s_destination = new(@"ip4\.dst == (?<address>[0-9.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex s_translation = new(@"ct_dnat(_in_czone)?\((?<address>[0-9.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private readonly PipelineCompiler _compiler = new();
    private readonly ConntrackZones _zones = Zones(southbound);
    private readonly (UInt128 Floating, UInt128 Inside, ushort Zone) _nat = Nat(southbound, Zones(southbound));

    /// <param name="file">A standalone database, compressed if the name ends in .gz.</param>
    /// <param name="chassis">A gateway in it.</param>
    /// <param name="token">Ends the wait.</param>
    public static async Task<ConnectionCosts> LoadAsync(string file, string chassis, CancellationToken token)
    {
        await using var content = File.OpenRead(file);
        await using var database = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(content, CompressionMode.Decompress) : (Stream)content;
        using var server = OvsdbServer.Open(database);
        return new ConnectionCosts(await Southbound.LoadAsync(Remote.ParseList(server.Remote), cancellationToken: token), chassis);
    }

    /// <returns>A table, in Markdown.</returns>
    public async Task<string> MeasureAsync(IEnumerable<int> counts, CancellationToken token)
    {
        var text = new StringBuilder("| connections | connections/s of CPU | octets each | one more: median | p99 | taken out/s of CPU |\n|---|---|---|---|---|---|\n");
        _compiler.Compile(southbound, chassis, AssumedDevice.Of(southbound, chassis));
        foreach (var count in counts)
        {
            text.AppendLine(await MeasureAsync(count, token));
        }

        return text.ToString();
    }

    private async Task<string> MeasureAsync(int count, CancellationToken token)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (keeper, device) = (new ConnectionKeeper(_compiler.Connections, new OffloadOptions { Limit = 4_000_000, DeviceLimit = 8_000_000 }), new UncountedDevice());
        keeper.Apply(new ConnectionNews.DumpBegan(DumpReason.Start));
        keeper.Apply(new ConnectionNews.DumpEnded());
        keeper.Follow(_zones);
        var start = ThreadCpu.Now;
        for (var i = 0; i < count; i += Burst)
        {
            await RoundAsync(keeper, device, Seen(Enumerable.Range(i, Math.Min(Burst, count - i))), token);
        }

        var offload = ThreadCpu.Now - start;
        if (keeper.Counts.Offloaded != 2 * count)
        {
            throw new InvalidOperationException($"{keeper.Counts.Offloaded} directions of {count} connections are on the device");
        }

        var octets = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        var single = new List<TimeSpan>();
        for (var i = count; i < count + Single; i++)
        {
            start = ThreadCpu.Now;
            await RoundAsync(keeper, device, Seen([i]), token);
            single.Add(ThreadCpu.Now - start);
        }

        single.Sort();
        start = ThreadCpu.Now;
        for (var i = 0; i < count; i += Burst)
        {
            await RoundAsync(keeper, device, Ended(Enumerable.Range(i, Math.Min(Burst, count - i))), token);
        }

        var removal = ThreadCpu.Now - start;
        GC.KeepAlive(device);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {count:N0} | {count / offload.TotalSeconds:N0} | {octets:N0} | {single[Single / 2].TotalMicroseconds:N0} us | {single[Single * 99 / 100].TotalMicroseconds:N0} us | {count / removal.TotalSeconds:N0} |");
    }

    private async Task RoundAsync(ConnectionKeeper keeper, UncountedDevice device, ConnectionNews news, CancellationToken token)
    {
        keeper.Apply(news);
        keeper.Follow(_zones);
        do
        {
            keeper.Evaluate();
            await keeper.Writer.WithdrawAsync(device, token);
            await keeper.Writer.WriteAsync(device, _ => true, _ => Task.FromResult(true), int.MaxValue, token);
        }
        while (keeper.HasMore);
    }

    private ConnectionNews.Changed Seen(IEnumerable<int> numbers) => new(numbers.Select(number => (ConnectionEvent)new ConnectionEvent.Seen(Entry(number))).ToEquatableArray());

    private ConnectionNews.Changed Ended(IEnumerable<int> numbers) => new(numbers.Select(number => (ConnectionEvent)new ConnectionEvent.Ended(Entry(number))).ToEquatableArray());

    private ConnectionEntry Entry(int number)
    {
        // 198.18.0.0/15 is for benchmarks (RFC 2544).
        var from = (UInt128)(0xc6120000u + (uint)(number % 65536));
        var original = new ConnectionTuple(false, TransportProtocol.Tcp, from, _nat.Floating, (ushort)(1024 + (number / 65536)), 443);
        return new ConnectionEntry(new Connection(_nat.Zone, original, (original with { Destination = _nat.Inside }).Reversed)
        {
            Status = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Assured,
            Tcp = new TcpTracking(TcpState.Established, TcpState.Established, TcpFlags.None, TcpFlags.None),
            Id = (uint)number + 1,
        });
    }

    private static ConntrackZones Zones(Southbound southbound)
    {
        var keys = southbound.DatapathBindings.Where(datapath => datapath.IsRouter).SelectMany(datapath => new[] { $"{datapath.Uuid}_dnat", $"{datapath.Uuid}_snat" })
            .Concat(southbound.PortBindings.Select(port => port.LogicalPort));
        return ConntrackZones.Read(new LocalOpenVSwitch
        {
            Bridges =
            [
                new Bridge
                {
                    Uuid = Guid.NewGuid(),
                    Name = "br-int",
                    ExternalIds = TextMap.Of([.. keys.Select((key, i) => ($"ct-zone-{key}", (FirstZone + i).ToString(CultureInfo.InvariantCulture)))]),
                },
            ],
        });
    }

    // The first floating IP that ovn-northd wrote a flow for.
    private static (UInt128 Floating, UInt128 Inside, ushort Zone) Nat(Southbound southbound, ConntrackZones zones)
    {
        foreach (var flow in southbound.LogicalFlows.Where(flow => flow.ExternalIds.Find("stage-name") == "lr_in_dnat"))
        {
            if (s_destination.Match(flow.Match) is { Success: true } to && s_translation.Match(flow.Actions) is { Success: true } into
                && IpAddress.TryParseV4(to.Groups["address"].Value, out var floating) && IpAddress.TryParseV4(into.Groups["address"].Value, out var inside))
            {
                return (floating, inside, zones.Dnat(southbound.DatapathBindings.Single(datapath => datapath.Uuid == flow.LogicalDatapath)));
            }
        }

        throw new InvalidOperationException("the database has no floating IP");
    }
}
