using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using GatewayOS.Benchmarks.Changes;
using GatewayOS.Benchmarks.Connections;
using GatewayOS.Lab.Running;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;

namespace GatewayOS.Benchmarks.Beside;

/// <summary>
/// <c>beside</c>: what we need for a southbound database beside what ovn-controller needs, in one run.
/// <c>load</c> and <c>recompute</c> are processes of ours that it measures. <c>changes</c>: what a change costs. <c>connections</c>: what connections cost.
/// </summary>
internal static class Commands
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        // Whoever ends us, the namespace and the daemons are removed first.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        var root = new RootCommand("Benchmarks beside real peers. Without one of these commands: BenchmarkDotNet.") { Beside(), Load(), Recompute(), Changes(), Connections() };
        try
        {
            return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, cancellation.Token);
        }
        catch (Exception failure) when (failure is LabException or OvsdbException or TimeoutException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }
    }

    private static Command Beside()
    {
        var database = new Option<FileInfo>("--database")
        {
            Description = "A standalone southbound database file, compressed if its name ends in .gz.",
            HelpName = "FILE",
            Required = true,
        };
        var chassis = new Option<string>("--chassis") { Description = "A chassis in it.", HelpName = "NAME", DefaultValueFactory = _ => "gw1" };
        var rounds = new Option<int>("--rounds") { Description = "How often to measure; medians are reported.", DefaultValueFactory = _ => 3 };
        var command = new Command("beside", "Load and cold start of a southbound database: ours, and ovn-controller's.") { database, chassis, rounds };
        command.SetAction(async (line, token) =>
        {
            var comparison = new Comparison(line.GetValue(database)!.FullName, line.GetValue(chassis)!);
            var folder = Directory.CreateTempSubdirectory("beside");
            try
            {
                var claimed = Path.Combine(folder.FullName, "sb.db");
                await comparison.ClaimAsync(claimed, token);
                for (var round = 0; round < line.GetValue(rounds); round++)
                {
                    await comparison.MeasureAsync(claimed, token);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            await Console.Out.WriteAsync(comparison.ToMarkdown());
        });
        return command;
    }

    private static Command Changes()
    {
        var tenants = new Option<int[]>("--tenants")
        {
            Description = "The sizes of the cloud, ascending: each tenant has a router and 40 VMs.",
            HelpName = "N",
            DefaultValueFactory = _ => [4, 16, 64],
            AllowMultipleArgumentsPerToken = true,
        };
        var rounds = new Option<int>("--rounds") { Description = "How many changes of each kind are made and undone.", DefaultValueFactory = _ => 20 };
        var kinds = new Option<string[]>("--kind") { Description = "port, ACL, NAT or route; all unless given.", HelpName = "KIND", DefaultValueFactory = _ => [] };
        var shared = new Option<bool>("--shared") { Description = "One provider network for all routers: then tenants are not unrelated." };
        var command = new Command("changes", "What one northbound change costs the agent while unrelated ports are added.") { tenants, rounds, kinds, shared };
        command.SetAction(async (line, token) => await Console.Out.WriteAsync(
            await new ChangeCosts(line.GetValue(rounds), line.GetValue(kinds)!, line.GetValue(shared)).MeasureAsync(line.GetValue(tenants)!, token)));
        return command;
    }

    private static Command Connections()
    {
        var database = new Option<FileInfo>("--database")
        {
            Description = "A standalone southbound database file with a floating IP, compressed if its name ends in .gz.",
            HelpName = "FILE",
            Required = true,
        };
        var chassis = new Option<string>("--chassis") { Description = "A gateway in it.", HelpName = "NAME", DefaultValueFactory = _ => "gw1" };
        var counts = new Option<int[]>("--count")
        {
            Description = "How many connections.",
            HelpName = "N",
            DefaultValueFactory = _ => [10_000, 100_000, 1_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var exchanges = new Option<int>("--exchanges") { Description = "How many connections of the kernel are timed, as root.", HelpName = "N", DefaultValueFactory = _ => 2000 };
        var command = new Command("connections", "What it costs to have connections on a device that costs nothing, and how long it takes.") { database, chassis, counts, exchanges };
        command.SetAction(async (line, token) =>
        {
            var nat = await FloatingIp.LoadAsync(line.GetValue(database)!.FullName, line.GetValue(chassis)!, token);
            if (line.GetValue(exchanges) is > 0 and var number)
            {
                await Console.Out.WriteLineAsync(await new ReplyDelays(nat, TimeProvider.System).MeasureAsync(number, token));
            }

            await Console.Out.WriteAsync(await new ConnectionCosts(nat).MeasureAsync(line.GetValue(counts)!, token));
        });
        return command;
    }

    private static Command Load()
    {
        var remote = new Argument<string>("remote");
        var command = new Command("load", "Fetches a southbound database once and prints, as JSON, what it took.") { remote };
        command.SetAction(async (line, token) =>
        {
            var southbound = await Southbound.LoadAsync(Remote.ParseList(line.GetValue(remote)!), new ConnectionOptions { ProbeInterval = TimeSpan.Zero }, token);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { flows = southbound.LogicalFlows.Count, peakRssKiB = ProcessMeter.OwnPeakRssKiB }));
        });
        return command;
    }

    private static Command Recompute()
    {
        var (remote, chassis) = (new Argument<string>("remote"), new Argument<string>("chassis"));
        var command = new Command("recompute", "Compiles a southbound database over and over and prints, as JSON, what the last time took.") { remote, chassis };
        command.SetAction(async (line, token) =>
        {
            var southbound = await Southbound.LoadAsync(Remote.ParseList(line.GetValue(remote)!), new ConnectionOptions { ProbeInterval = TimeSpan.Zero }, token);
            var (cpu, entries) = await WarmRecompute.MeasureAsync(southbound, line.GetValue(chassis)!, token);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { cpuSeconds = cpu.TotalSeconds, entries, peakRssKiB = ProcessMeter.OwnPeakRssKiB }));
        });
        return command;
    }
}
