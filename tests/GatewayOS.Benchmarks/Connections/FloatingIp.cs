using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using GatewayOS.Compiler;
using GatewayOS.Control.Ports;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Testing;

namespace GatewayOS.Benchmarks.Connections;

/// <summary>A floating IP of a database, and the chassis that translates it.</summary>
internal sealed class FloatingIp
{
    private const ushort FirstZone = 100;

    private static readonly Regex s_destination = new(@"ip4\.dst == (?<address>[0-9.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex s_translation = new(@"ct_dnat(_in_czone)?\((?<address>[0-9.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private FloatingIp(PipelineCompiler compiler, ConntrackZones zones, UInt128 outside, UInt128 inside, ushort zone) =>
        (Compiler, Zones, Outside, Inside, Zone) = (compiler, zones, outside, inside, zone);

    /// <summary>Has compiled the database.</summary>
    public PipelineCompiler Compiler { get; }

    public ConntrackZones Zones { get; }

    public UInt128 Outside { get; }

    public UInt128 Inside { get; }

    /// <summary>Where its connections are tracked.</summary>
    public ushort Zone { get; }

    /// <param name="file">A standalone database, compressed if the name ends in .gz.</param>
    /// <param name="chassis">A gateway in it.</param>
    /// <param name="token">Ends the wait.</param>
    public static async Task<FloatingIp> LoadAsync(string file, string chassis, CancellationToken token)
    {
        await using var content = File.OpenRead(file);
        await using var database = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(content, CompressionMode.Decompress) : (Stream)content;
        using var server = OvsdbServer.Open(database);
        var southbound = await Southbound.LoadAsync(Remote.ParseList(server.Remote), cancellationToken: token);
        var compiler = new PipelineCompiler();
        compiler.Compile(southbound, chassis, AssumedDevice.Of(southbound, chassis));
        return Find(southbound, compiler);
    }

    // The first that ovn-northd wrote a flow for.
    private static FloatingIp Find(Southbound southbound, PipelineCompiler compiler)
    {
        var zones = ZonesOf(southbound);
        foreach (var flow in southbound.LogicalFlows.Where(flow => flow.ExternalIds.Find("stage-name") == "lr_in_dnat"))
        {
            if (s_destination.Match(flow.Match) is { Success: true } to && s_translation.Match(flow.Actions) is { Success: true } into
                && IpAddress.TryParseV4(to.Groups["address"].Value, out var outside) && IpAddress.TryParseV4(into.Groups["address"].Value, out var inside))
            {
                return new FloatingIp(compiler, zones, outside, inside, zones.Dnat(southbound.DatapathBindings.Single(datapath => datapath.Uuid == flow.LogicalDatapath)));
            }
        }

        throw new InvalidOperationException("the database has no floating IP");
    }

    private static ConntrackZones ZonesOf(Southbound southbound)
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
}
