using System.Globalization;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Tests.Comparison;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Reference.Tests;

/// <summary>
/// Agreement with ovn-trace on southbound databases of one's own: standalone database files named in OVN_SOUTHBOUND_FILES, separated by colons;
/// OVN_TRACE_PACKETS packets each without and with given conntrack states.
/// </summary>
public sealed class DatabaseFileTests(ITestOutputHelper output)
{
    private const int DefaultPackets = 1000;
    private const int ShownDifferences = 5;

    [Fact]
    public async Task The_interpreter_says_the_same_as_ovn_trace_of_random_packets_in_given_databases()
    {
        var files = (Environment.GetEnvironmentVariable("OVN_SOUTHBOUND_FILES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        Assert.SkipUnless(files.Length > 0, "OVN_SOUTHBOUND_FILES names no database files");
        var packets = int.TryParse(Environment.GetEnvironmentVariable("OVN_TRACE_PACKETS"), CultureInfo.InvariantCulture, out var number) ? number : DefaultPackets;
        var differences = new List<string>();
        foreach (var file in files)
        {
            using var server = OvsdbServer.Open(file);
            var southbound = await Southbound.LoadAsync(Remote.ParseList(server.Remote), cancellationToken: TestContext.Current.CancellationToken);
            var network = new ReferenceNetwork(southbound, version: LanguageVersion.Ovn2303);
            foreach (var states in new[] { [], States.Possible(packets * 3, seed: 3) })
            {
                using var comparison = new TraceComparison(network, server.Remote, states);
                var generator = new RandomPackets(network, seed: states.Length + 1);
                var before = differences.Count;
                for (var i = 0; i < packets; i++)
                {
                    var (datapath, microflow) = generator.Next();
                    if (comparison.Compare(datapath, microflow) is { } difference)
                    {
                        differences.Add(difference);
                    }
                }

                var line = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(file)}, {states.Length} states: {comparison.Compared} packets, {comparison.Tracked} with given states, {comparison.Steps} tables, "
                    + $"{comparison.Ambiguous} ambiguous, {differences.Count - before} different, left out: {comparison.Endless} that run in a circle, {comparison.Aborting} at which ovn-trace aborts");
                output.WriteLine(line);
                TestContext.Current.SendDiagnosticMessage(line);
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join("\n=====\n", differences.Take(ShownDifferences))}");
    }
}
