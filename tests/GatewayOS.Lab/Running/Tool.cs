using System.Diagnostics;
using GatewayOS.Linux.Namespaces;

namespace GatewayOS.Lab.Running;

/// <summary>Runs the programs of other people: ip, ovn-nbctl, ovsdb-server ...</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end, in a namespace of the lab or in ours.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="LabException">It is not installed, or ended with a code other than 0; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(
        string? network, string program, IEnumerable<string> arguments, string input = "",
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken token = default)
    {
        string[] all = [.. arguments];
        using var process = Start(network, program, all, environment);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(token);
            var errors = process.StandardError.ReadToEndAsync(token);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(token);
            return process.ExitCode == 0
                ? await output
                : throw new LabException($"{program} {string.Join(' ', all)} ended with {process.ExitCode}: {(await errors).Trim()} {(await output).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Where the database schemas of a package are: as its own programs look for them (ovn-ctl(8), ovs-ctl(8)), so that another version can be on the PATH.</summary>
    public static string SchemasOf(string package) =>
        Environment.GetEnvironmentVariable(package == "ovn" ? "OVN_PKGDATADIR" : "OVS_PKGDATADIR") is { Length: > 0 } folder ? folder : $"/usr/share/{package}";

    /// <summary>Runs <c>ip</c> with one command a line.</summary>
    public static Task IpAsync(string? network, IEnumerable<string> commands, CancellationToken token) =>
        RunAsync(network, "ip", ["-batch", "-"], string.Join('\n', commands) + "\n", token: token);

    /// <summary>A child belongs to the network namespace of the thread that forks it.</summary>
    private static Process Start(string? network, string program, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return network is null ? Process.Start(start)! : NetworkNamespace.Run(NetworkNamespace.PathOf(network), () => Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LabException($"Cannot run {program}: {e.Message}. `make bootstrap` installs what the lab needs.");
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code says why.
        }
    }
}
