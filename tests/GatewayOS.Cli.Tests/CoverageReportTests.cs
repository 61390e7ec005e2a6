using System.Diagnostics;
using System.Globalization;
using System.Text;
using GatewayOS.Compiler;
using GatewayOS.Compiler.Coverage;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Control.Ports;
using GatewayOS.Core;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>What real clouds compile to on their gateway. The report of it is committed: src/GatewayOS.Compiler/COVERAGE.md (`make coverage` writes it).</summary>
public sealed class CoverageReportTests
{
    private const string Why = "no databases in shared/corpus (or GATEWAYOS_CORPUS), or no ovsdb-server";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("basic-23.03", 250)]
    [InlineData("neutron-23.03", 1000)]
    [InlineData("ovn-kubernetes-23.03", 1400)]
    [InlineData("basic-25.03", 250)]
    [InlineData("neutron-25.03", 1000)]
    [InlineData("ovn-kubernetes-25.03", 1400)]
    public async Task A_gateway_needs_few_entries_and_a_packet_few_lookups(string name, int entries)
    {
        Assert.SkipUnless(Corpus.IsThere, Why);
        var compiled = await CompileAsync(Corpus.All.Single(corpus => corpus.Name == name));

        Assert.InRange(compiled.Entries.Count, 1, entries);
        Assert.All(PipelineCoverage.Of(compiled), entry => Assert.InRange(entry.Lookups, 1, 5));
        Assert.All(PipelineCoverage.Of(compiled), entry => Assert.NotEqual(Share.AlwaysPunts, entry.Share));
        Assert.All(PathCoverage.Of(compiled).Where(path => path.To != PathCoverage.Connection), path => Assert.InRange(path.Lookups, 1, path.Tables / 5));
        Assert.Empty(compiled.FullTables);
    }

    [Fact]
    public async Task Software_has_only_what_only_software_can_do()
    {
        Assert.SkipUnless(Corpus.IsThere, Why);
        foreach (var corpus in Corpus.All)
        {
            Assert.All(PipelineCoverage.Of(await CompileAsync(corpus)).SelectMany(entry => entry.Punts), reason => Assert.True(Reasons.IsInherent(reason), $"{corpus.Name}: {reason}"));
        }
    }

    /// <summary>Paths with more lookups than the pipeline has stages: through the gateway to addresses of another router on the provider network, from sources that no NAT rule is for.</summary>
    [Fact]
    public async Task Few_entry_points_lead_to_more_lookups_than_there_are_stages()
    {
        Assert.SkipUnless(Corpus.IsThere, Why);
        foreach (var corpus in Corpus.All)
        {
            Assert.InRange(PipelineCoverage.Of(await CompileAsync(corpus)).Count(entry => entry.Punts.Contains(Reasons.Unplaceable)), 0, corpus.Name.StartsWith("neutron", StringComparison.Ordinal) ? 6 : 0);
        }
    }

    [Fact]
    public async Task The_committed_report_is_what_the_compiler_does()
    {
        Assert.SkipUnless(Corpus.IsThere, Why);
        var report = await ReportAsync();
        if (Environment.GetEnvironmentVariable("GATEWAYOS_COVERAGE_REPORT") is { } file)
        {
            await File.WriteAllTextAsync(file, report, Token);
            return;
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "COVERAGE.md"), Token), report);
    }

    private static async Task<CompiledPipeline> CompileAsync(Corpus corpus)
    {
        var southbound = await corpus.LoadAsync(Token);
        return new PipelineCompiler().Compile(southbound, corpus.Chassis, AssumedDevice.Of(southbound, corpus.Chassis));
    }

    private static async Task<string> ReportAsync()
    {
        var report = new StringBuilder(
            """
            # What real clouds compile to

            Written by `make coverage`, held by `CoverageReportTests`: the gateways of southbound databases that ovn-northd made for models of real clouds, on a device with
            a port for the underlay, each provider network and each VIF. *Entries* are all before connections; *OpenFlow* is what ovn-controller installs there.
            *Lookups* are those behind the entry, on the longest path of an entry point (the tables of the class bits are asked beside the way, once a packet);
            OVS goes through one table for each stage of each logical pipeline, some 30 for a switch and 25 for a router; the second table compares.


            """.ReplaceLineEndings("\n"));
        var rows = new List<string>();
        var (paths, reasons) = (new List<string>(), new List<string>());
        foreach (var corpus in Corpus.All)
        {
            var compiled = await CompileAsync(corpus);
            var coverage = PipelineCoverage.Of(compiled);
            rows.Add(Row(corpus, compiled, coverage));
            paths.AddRange(PathCoverage.Of(compiled).Select(path => $"| {corpus.Name} | {path.From} -> {path.To} | {path.Lookups} | {path.Tables} |\n"));
            reasons.AddRange(Shares(corpus, coverage));
            report.Append(Entries(corpus, compiled));
        }

        report.Append("\n| corpus | logical flows | OpenFlow | entries | states | longest path | entry points by lookups |\n|---|---|---|---|---|---|---|\n").AppendJoin("", rows);
        report.Append("\nThe most lookups on a path, and the most logical tables that OVN runs for it (up to conntrack where a connection decides the rest):\n\n")
            .Append("| corpus | path | lookups | logical tables |\n|---|---|---|---|\n").AppendJoin("", paths);
        report.Append("\nEntry points x packet classes by what the tables can do for their packets, with the reasons of what is always left to OVS: what only software can do (it makes packets, is the end of what is for the host, and goes on\n"
                + "where a path needs more lookups than there are stages), and what hardware could. A test holds that the last column is empty.\n\n")
            .Append("| corpus | share | entry points | only software can | not yet in hardware |\n|---|---|---|---|---|\n").AppendJoin("", reasons);
        return report.ToString();
    }

    private static string Row(Corpus corpus, CompiledPipeline compiled, EquatableArray<EntryCoverage> coverage) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {corpus.Name} | {compiled.LogicalFlows} | {corpus.OpenFlowFlows} | {compiled.Entries.Count} | {compiled.States} | {coverage.Max(entry => entry.Lookups)} | {Histogram(coverage)} |\n");

    private static string Histogram(EquatableArray<EntryCoverage> coverage) =>
        string.Join(", ", coverage.CountBy(entry => entry.Lookups).OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"));

    private static string Entries(Corpus corpus, CompiledPipeline compiled)
    {
        var counts = compiled.Entries.CountBy(entry => entry.Entry.Table).ToDictionary();
        return $"- {corpus.Name}: " + string.Join(", ", Pipeline.Tables.Where(table => counts.ContainsKey(table.Name)).Select(table => $"{table.Name} {counts[table.Name]}")) + "\n";
    }

    private static IEnumerable<string> Shares(Corpus corpus, EquatableArray<EntryCoverage> coverage) =>
        from entry in coverage
        group entry by entry.Share into share
        orderby share.Key
        let reasons = share.SelectMany(entry => entry.Punts).CountBy(reason => reason).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToLookup(pair => Reasons.IsInherent(pair.Key))
        select $"| {corpus.Name} | {NameOf(share.Key)} | {share.Count()} | {Listed(reasons[true])} | {Listed(reasons[false])} |\n";

    private static string Listed(IEnumerable<KeyValuePair<string, int>> reasons) => string.Join("; ", reasons.Select(pair => $"{pair.Key} ({pair.Value})"));

    private static string NameOf(Share share) => share switch
    {
        Share.FastPath => "all on the fast path",
        Share.Partly => "some on the fast path, the rest punted",
        Share.Connection => "some by their connection",
        Share.AlwaysPunts => "always punted",
        _ => throw new UnreachableException(),
    };
}
