using GatewayOS.Compiler;
using GatewayOS.Compiler.Emission;
using GatewayOS.Control.Ports;
using GatewayOS.Control.Reconciling;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Cli.Tests.Agent;

/// <summary>Invariant I5: a restarted agent finds its entries, even where many contents compete for few numbers.</summary>
public sealed class RestartTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    private const int Histories = 6;

    [Theory]
    [InlineData(1u << Pipeline.StateWidth, 1u << 16)]
    [InlineData(200, 24)]
    public void An_agent_without_history_takes_over_the_numbers_of_one_with_a_history(uint states, uint outputs)
    {
        var device = PortsFileReader.Read(File.ReadAllText(network.PortsFile)).View;
        var predecessor = Compiler(states, outputs);
        for (var history = 0; history < Histories; history++)
        {
            // Other flows make other states, which take numbers that are free again only two changes later.
            var flows = network.Southbound.LogicalFlows.Where((_, i) => i % Histories != history);
            predecessor.Compile(network.Southbound with { LogicalFlows = Table.Create<LogicalFlow>([.. flows]) }, "gw1", device);
        }

        var held = Entries(predecessor.Compile(network.Southbound, "gw1", device));
        var successor = Compiler(states, outputs);
        var first = Entries(successor.Compile(network.Southbound, "gw1", device));
        // With few numbers the history shows; otherwise the test would not try anything.
        Assert.False(states < 1000 && first.SetEquals(held));
        Alignment.Of(new InstalledEntries(first), new InstalledEntries(held)).ApplyTo(successor.Ids);
        Assert.Equal(held, Entries(successor.Compile(network.Southbound, "gw1", device)));
    }

    private static PipelineCompiler Compiler(uint states, uint outputs) =>
        new(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size), new DeviceIds(states, outputs));

    private static HashSet<TableEntry> Entries(CompiledPipeline pipeline) => [.. pipeline.Entries.Select(entry => entry.Entry)];
}
