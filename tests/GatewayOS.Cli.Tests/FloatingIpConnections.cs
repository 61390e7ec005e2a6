using GatewayOS.Compiler;
using GatewayOS.Connections;
using GatewayOS.Control.Ports;
using GatewayOS.Control.Tracking;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>Connections to vm1, which is behind a floating IP, in a network that ovn-northd compiled.</summary>
public abstract class FloatingIpConnections : IClassFixture<RoutedNetwork>
{
    protected const ushort Zone = 7;
    protected const ConnectionStatus Live = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Assured;

    protected FloatingIpConnections(RoutedNetwork network)
    {
        Southbound = network.Southbound;
        Device = PortsFileReader.Read(File.ReadAllText(network.PortsFile)).View;
        var router = Southbound.DatapathBindings.Single(datapath => datapath.IsRouter).Uuid;
        Zones = ConntrackZones.Read(new LocalOpenVSwitch
        {
            Bridges =
            [
                new Bridge { Uuid = Guid.NewGuid(), Name = "br-int", ExternalIds = TextMap.Of(($"ct-zone-{router}_dnat", $"{Zone}"), ($"ct-zone-{router}_snat", $"{Zone + 1}")) },
            ],
        });
    }

    protected static UInt128 Outside { get; } = PipelineEntries.Ip("172.16.0.100");

    protected static UInt128 FloatingIp { get; } = PipelineEntries.Ip("172.16.0.50");

    protected static UInt128 Inside { get; } = PipelineEntries.Ip("10.0.0.11");

    protected Southbound Southbound { get; }

    protected DeviceView Device { get; }

    protected PipelineCompiler Compiler { get; } = new();

    protected ConntrackZones Zones { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected ConnectionKeeper Keeper()
    {
        Compiler.Compile(Southbound, "gw1", Device);
        return new ConnectionKeeper(Compiler.Connections, new OffloadOptions());
    }

    private protected async Task RoundAsync(ConnectionKeeper keeper, ConnectionDevice device, params ConnectionNews[] news)
    {
        foreach (var one in news)
        {
            keeper.Apply(one);
        }

        keeper.Follow(Zones);
        do
        {
            keeper.Evaluate();
            await keeper.Writer.WithdrawAsync(device, Token);
            await keeper.Writer.WriteAsync(device, _ => true, _ => Task.FromResult(true), int.MaxValue, Token);
        }
        while (keeper.HasMore);
    }

    protected static Connection Floating(TransportProtocol protocol, ushort port)
    {
        var (there, from) = protocol == TransportProtocol.Icmp ? ((ushort)(8 << 8), port) : ((ushort)53, port);
        var original = new ConnectionTuple(false, protocol, Outside, FloatingIp, from, there);
        return new Connection(Zone, original, (original with { Destination = Inside }).Reversed)
        {
            Status = Live,
            Tcp = protocol == TransportProtocol.Tcp ? new TcpTracking(TcpState.Established, TcpState.Established, TcpFlags.None, TcpFlags.None) : null,
        };
    }

    protected static ConnectionNews[] Listed(params Connection[] connections) =>
    [
        new ConnectionNews.DumpBegan(DumpReason.Polled),
        new ConnectionNews.Listed(connections.Select(connection => new ConnectionEntry(connection)).ToEquatableArray()),
        new ConnectionNews.DumpEnded(),
    ];

    protected static ConnectionNews.Changed Seen(Connection connection) => new([new ConnectionEvent.Seen(new ConnectionEntry(connection))]);
}
