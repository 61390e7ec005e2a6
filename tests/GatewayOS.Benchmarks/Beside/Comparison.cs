using System.Globalization;
using System.Text;
using System.Text.Json;
using GatewayOS.Lab.Running;
using GatewayOS.Ovn;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>The same work done by us and by ovn-controller, from the same ovsdb-server, one after the other.</summary>
/// <param name="database">A standalone southbound database file.</param>
/// <param name="chassis">The chassis that both are.</param>
internal sealed class Comparison(string database, string chassis)
{
    /// <summary>To a chassis to which nothing is bound no datapath is local, so ovn-controller computes next to nothing from what it loads.</summary>
    private const string Observer = "observer";

    private const string Load = "process start to everything loaded";
    private const string ColdStart = "process start to entries, or to flows installed";
    private const string Recompute = "everything computed anew";

    private readonly List<Measurement> _measurements = [];

    /// <summary>
    /// The database after the chassis has claimed what is its, which those saved without a running ovn-controller lack: gateway ports are bound.
    /// </summary>
    /// <param name="claimed">The file to write.</param>
    /// <param name="token">Ends the waiting.</param>
    public async Task ClaimAsync(string claimed, CancellationToken token)
    {
        await using var server = await CorpusServer.StartAsync(database, token);
        var southbound = await server.LoadAsync(token);
        await MakeOnlyMemberAsync(server, southbound, token);
        var controller = await ControllerChassis.StartAsync(server, southbound, chassis, monitorAll: false, token);
        await controller.UntilIdleAsync(token);
        server.Save(claimed);
    }

    /// <summary>No tunnel comes up here: by BFD a chassis with others in its group would take itself for cut off, and claim nothing.</summary>
    private async Task MakeOnlyMemberAsync(CorpusServer server, Southbound southbound, CancellationToken token)
    {
        var own = southbound.Chassis.Single(row => row.Name == chassis).Uuid;
        var members = southbound.HaChassis.Where(member => member.Chassis == own).Select(member => member.Uuid).ToHashSet();
        var commands = southbound.HaChassisGroups
            .Select(group => (group.Uuid, Member: group.HaChassis.FirstOrDefault(members.Contains)))
            .Where(group => group.Member != Guid.Empty)
            .SelectMany(group => new[] { "--", "set", "HA_Chassis_Group", $"{group.Uuid}", $"ha_chassis={group.Member}" })
            .ToList();
        if (commands.Count > 0)
        {
            await server.SouthboundAsync(commands, token);
        }
    }

    /// <summary>Measures everything once more, from fresh processes, on a database that <see cref="ClaimAsync"/> has written.</summary>
    public async Task MeasureAsync(string claimed, CancellationToken token)
    {
        await using (var server = await CorpusServer.StartAsync(claimed, token))
        {
            var southbound = await server.LoadAsync(token);
            Add(Load, ours: true, await LoadAsync(server, token));
            var observer = await ControllerChassis.StartAsync(server, southbound, Observer, monitorAll: true, token);
            Add(Load, ours: false, await observer.UntilIdleAsync(token));
        }

        await using (var server = await CorpusServer.StartAsync(claimed, token))
        {
            var southbound = await server.LoadAsync(token);
            Add(ColdStart, ours: true, await CompileAsync(server, token));
            var controller = await ControllerChassis.StartAsync(server, southbound, chassis, monitorAll: false, token);
            Add(ColdStart, ours: false, await controller.UntilIdleAsync(token));
            Add(Recompute, ours: true, await RecomputeAsync(server, token));
            Add(Recompute, ours: false, await controller.RecomputeAsync(token));
        }
    }

    /// <summary>A table with the medians of all rounds, and the ratios of ours to ovn-controller's.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("| | GatewayOS CPU s | ovn-controller CPU s | ratio | GatewayOS peak MiB | ovn-controller peak MiB | ratio | what |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var work in _measurements.GroupBy(measurement => measurement.Work))
        {
            var (ours, theirs) = (work.Where(m => m.Ours).ToList(), work.Where(m => !m.Ours).ToList());
            var (cpu, cpuBeside) = (Median(ours, m => m.Usage.CpuSeconds), Median(theirs, m => m.Usage.CpuSeconds));
            var (memory, memoryBeside) = (Median(ours, m => m.Usage.PeakRssKiB / 1024.0), Median(theirs, m => m.Usage.PeakRssKiB / 1024.0));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {work.Key} | {Number(cpu, "0.00")} | {Number(cpuBeside, "0.00")} | {Number(cpu / cpuBeside, "0.00")} "
                + $"| {Number(memory, "0")} | {Number(memoryBeside, "0")} | {Number(memory / memoryBeside, "0.00")} | {string.Join(", ", work.Select(m => m.Usage.Result).Distinct())} |");
        }

        return text.ToString();
    }

    private void Add(string work, bool ours, Usage usage)
    {
        _measurements.Add(new Measurement(work, ours, usage));
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{work}, {(ours ? "GatewayOS" : "ovn-controller")}: {usage.CpuSeconds:0.00} s, {usage.PeakRssKiB / 1024} MiB, {usage.Result}"));
    }

    private static async Task<Usage> LoadAsync(CorpusServer server, CancellationToken token)
    {
        var (cpu, report) = await FreshProcess.RunAsync(FreshProcess.Self, ["load", server.Remote], token);
        return new Usage(cpu, PeakRss(report), $"{report.GetProperty("flows").GetInt32()} logical flows");
    }

    private async Task<Usage> RecomputeAsync(CorpusServer server, CancellationToken token)
    {
        var (_, report) = await FreshProcess.RunAsync(FreshProcess.Self, ["recompute", server.Remote, chassis], token);
        return new Usage(report.GetProperty("cpuSeconds").GetDouble(), PeakRss(report), $"{report.GetProperty("entries").GetInt32()} entries");
    }

    private async Task<Usage> CompileAsync(CorpusServer server, CancellationToken token)
    {
        var (cpu, report) = await FreshProcess.RunAsync(
            Programs.PathOf("gatewayctl"), ["compile", "--sb", server.Remote, "--chassis", chassis, "--json"], token);
        var entries = report.GetProperty("entries").EnumerateObject().Sum(table => table.Value.GetInt32());
        return new Usage(cpu, PeakRss(report), $"{entries} entries");
    }

    private static long PeakRss(JsonElement report) => report.GetProperty("peakRssKiB").GetInt64();

    private static double? Median(List<Measurement> measurements, Func<Measurement, double> select) =>
        measurements.Count == 0 ? null : measurements.Select(select).Order().ElementAt(measurements.Count / 2);

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private sealed record Measurement(string Work, bool Ours, Usage Usage);
}
