using System.Globalization;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Tests.Comparison;
using GatewayOS.Reference.Tests.Peers;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Reference.Tests;

/// <summary>
/// Agreement with ovn-trace on real southbound databases: the standalone database files named in OVN_SOUTHBOUND_FILES, separated by colons, or else those of shared/corpus;
/// OVN_TRACE_PACKETS packets in each without, and as many with given conntrack states; OVN_TRACE_SEED for other packets. A database is left out when another version
/// of OVN wrote it than the installed ovn-trace is of, which would not know all its flows.
/// </summary>
public sealed class DatabaseFileTests(ITestOutputHelper output)
{
    private const int DefaultPackets = 100;
    private const int ShownDifferences = 5;

    [Fact]
    public async Task The_interpreter_says_the_same_as_ovn_trace_of_random_packets_in_real_databases()
    {
        var files = (Environment.GetEnvironmentVariable("OVN_SOUTHBOUND_FILES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        Assert.SkipUnless(files.Length > 0 || Corpora.Exist, $"OVN_SOUTHBOUND_FILES names no database files, and {Corpora.Absent}");
        Assert.SkipWhen(Programs.Missing.Count > 0, $"not installed: {string.Join(' ', Programs.Missing)}");
        var packets = Number("OVN_TRACE_PACKETS", DefaultPackets);
        var installed = Programs.Language;
        var (compared, differences) = (0, new List<string>());
        foreach (var name in files.Length > 0 ? files : Corpora.Names)
        {
            using var server = files.Length > 0 ? OvsdbServer.Open(name) : Corpora.Serve(name);
            var southbound = await Southbound.LoadAsync(Remote.ParseList(server.Remote), cancellationToken: TestContext.Current.CancellationToken);
            var language = Programs.LanguageOf(southbound);
            if (language != installed)
            {
                Say($"{Path.GetFileName(name)}: left out, it is of {language} and ovn-trace of {installed}");
                continue;
            }

            var network = new ReferenceNetwork(southbound, version: language);
            foreach (var withStates in new[] { false, true })
            {
                compared += Compare(network, name, server.Remote, packets, withStates, differences);
            }
        }

        Say($"{compared} packets compared with ovn-trace of {installed}, {differences.Count} disagreements");
        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join("\n=====\n", differences.Take(ShownDifferences))}");
        Assert.SkipUnless(compared > 0, $"no database is of {installed}");
    }

    private int Compare(ReferenceNetwork network, string name, string remote, int packets, bool withStates, List<string> differences)
    {
        var seed = Number("OVN_TRACE_SEED", 1) * 2;
        using var comparison = new TraceComparison(network, remote, withStates ? States.Possible(packets * 3, seed) : []);
        var generator = new RandomPackets(network, withStates ? seed + 1 : seed);
        var before = differences.Count;
        for (var i = 0; i < packets; i++)
        {
            var (datapath, microflow) = generator.Next();
            if (comparison.Compare(datapath, microflow) is { } difference)
            {
                differences.Add($"{name}: {difference}");
            }
        }

        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(name)}, {(withStates ? "given" : "no")} states: {comparison.Compared} packets, {comparison.Tracked} with given states, {comparison.Steps} tables, "
            + $"{comparison.Ambiguous} ambiguous, {differences.Count - before} different, left out: {comparison.Endless} that run in a circle, {comparison.Aborting} at which ovn-trace aborts"));
        return comparison.Compared;
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
