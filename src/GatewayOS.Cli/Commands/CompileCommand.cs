using System.CommandLine;
using System.Diagnostics;
using GatewayOS.Cli.Output;
using GatewayOS.Compiler;
using GatewayOS.Compiler.Coverage;
using GatewayOS.Control.Ports;
using Spectre.Console;

namespace GatewayOS.Cli.Commands;

/// <summary><c>gatewayctl compile</c>: what a southbound database compiles to, without a device.</summary>
internal static class CompileCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var options = new OfflineOptions(portsRequired: false);
        var json = JsonOption.Create();
        var command = new Command("compile", "Compiles a southbound database for a chassis and tells what came out.") { json };
        options.AddTo(command);
        command.SetAction(async (line, token) =>
        {
            var report = await CompileAsync(line, options, error, token);
            if (line.GetValue(json))
            {
                await output.WriteLineAsync(JsonText.Of(report));
            }
            else
            {
                Print(Consoles.On(output), report);
            }
        });
        return command;
    }

    private static async Task<CompileReport> CompileAsync(ParseResult line, OfflineOptions options, TextWriter error, CancellationToken token)
    {
        var started = Stopwatch.GetTimestamp();
        var input = await OfflineInput.LoadAsync(line, options, token);
        var compiler = new PipelineCompiler();
        var compiling = Stopwatch.GetTimestamp();
        var result = compiler.Compile(input.Southbound, input.Chassis, input.Ports?.View ?? AssumedDevice.Of(input.Southbound, input.Chassis));
        var (compile, total) = (Stopwatch.GetElapsedTime(compiling), Stopwatch.GetElapsedTime(started));
        foreach (var table in result.FullTables)
        {
            await error.WriteLineAsync($"gatewayctl: table {table} is full; what did not fit is left to OVS");
        }

        var coverage = PipelineCoverage.Of(result);
        using var process = Process.GetCurrentProcess();
        return new CompileReport(
            result.LogicalFlows,
            result.States,
            new SortedDictionary<string, int>(result.Entries.CountBy(entry => entry.Entry.Table).ToDictionary(), StringComparer.Ordinal),
            result.EntryPoints,
            new LookupCount(
                coverage.Select(entry => entry.Lookups).DefaultIfEmpty().Max(),
                new SortedDictionary<int, int>(coverage.CountBy(entry => entry.Lookups).ToDictionary())),
            new SortedDictionary<string, int>(coverage.CountBy(entry => TextOf(entry.Share)).ToDictionary(), StringComparer.Ordinal),
            [.. result.Entries.Where(entry => entry.Cause is not null).CountBy(entry => entry.Cause!.Reason)
                .Select(pair => new PuntCount(pair.Key, pair.Value)).OrderByDescending(punt => punt.Count).ThenBy(punt => punt.Reason, StringComparer.Ordinal)],
            new CompileSeconds(compiler.ParseTime.TotalSeconds, (compile - compiler.ParseTime).TotalSeconds, total.TotalSeconds),
            process.PeakWorkingSet64 / 1024);
    }

    private static string TextOf(Share share) => share switch
    {
        Share.FastPath => "fastPath",
        Share.Partly => "partly",
        Share.Connection => "connection",
        Share.AlwaysPunts => "alwaysPunts",
        _ => throw new UnreachableException(),
    };

    private static void Print(IAnsiConsole console, CompileReport report)
    {
        console.WriteLine(FormattableString.Invariant(
            $"{report.LogicalFlows} logical flows -> {report.States} states, {report.Entries.Values.Sum()} entries, {report.EntryPoints} entry points"));
        console.WriteLine(FormattableString.Invariant(
            $"{report.Seconds.Total:0.00} s (parse {report.Seconds.Parse:0.00}, compile {report.Seconds.Compile:0.00}), {report.PeakRssKiB / 1024} MiB"));
        console.WriteLine(FormattableString.Invariant(
            $"at most {report.Lookups.Longest} lookups behind an entry; by entry point {string.Join(", ", report.Lookups.Histogram.Select(pair => $"{pair.Key}: {pair.Value}"))}"));
        console.Write(Tables.Of("Entries", [("Table", false), ("Entries", true)],
            report.Entries.Select(pair => new[] { pair.Key, Numbers.Text(pair.Value) })));
        if (report.Punts.Count > 0)
        {
            console.Write(Tables.Of("Left to OVS", [("Reason", false), ("Entries", true)],
                report.Punts.Select(punt => new[] { punt.Reason, Numbers.Text(punt.Count) })));
        }
    }
}
