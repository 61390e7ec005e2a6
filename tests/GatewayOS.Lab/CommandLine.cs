using System.Runtime.InteropServices;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using Spectre.Console;

namespace GatewayOS.Lab;

/// <summary>gateway-lab: brings up the demonstration's network, shows what happens in it, takes it down.</summary>
internal static class CommandLine
{
    /// <summary>A table in a file or a pipe need not fit a terminal.</summary>
    private const int WidthOfFiles = 160;

    private const string Usage = """
        gateway-lab demo [--target softswitch|bmv2|none|wire] [--keep]   run traffic, print where it went, remove everything
        gateway-lab up   [--target softswitch|bmv2|none|wire]            bring the network up and leave it
        gateway-lab down [NAME...]                                       remove labs that were left or kept (all, without a name)
        gateway-lab list                                                 name the labs on this machine
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        // Whoever ends us, the lab is removed first.
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        var handlers = signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            cancellation.Cancel();
        })).ToList();
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        try
        {
            return await RunAsync(arguments, console, cancellation.Token);
        }
        catch (LabException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; everything is removed.");
            return 130;
        }
        finally
        {
            handlers.ForEach(handler => handler.Dispose());
        }
    }

    private static async Task<int> RunAsync(string[] arguments, IAnsiConsole console, CancellationToken token)
    {
        switch (arguments)
        {
            case ["demo", .. var options]:
                return await new Demo(console).RunAsync(Target(options), options.Contains("--keep"), token);
            case ["up", .. var options]:
                await using (var lab = await LabNetwork.StartAsync(DemoNetwork.Topology, Target(options), token))
                {
                    lab.Keep();
                    console.WriteLine(lab.Name);
                }

                return 0;
            case ["down", .. var names]:
                foreach (var name in names.Length > 0 ? names : LabRun.List())
                {
                    console.WriteLine(await LabRun.RemoveAsync(name) ? $"{name} is removed" : $"{name} is in use or does not exist");
                }

                return 0;
            case ["list"]:
                foreach (var name in LabRun.List())
                {
                    console.WriteLine($"{name}  started by process {LabRun.OwnerOf(name)}");
                }

                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static Device Target(string[] options)
    {
        var position = Array.IndexOf(options, "--target") + 1;
        var word = position == 0 || position == options.Length ? "softswitch" : options[position];
        return Enum.TryParse<Device>(word, ignoreCase: true, out var device) ? device
            : throw new LabException($"--target is {word}; it is one of {string.Join(", ", Enum.GetNames<Device>()).ToLowerInvariant()}.");
    }
}
