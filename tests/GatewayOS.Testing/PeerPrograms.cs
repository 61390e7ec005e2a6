using System.Diagnostics;

namespace GatewayOS.Testing;

/// <summary>Programs of OVS and OVN that keep their sockets and logs in one folder; those that run end with it.</summary>
/// <param name="programs">Where they are; empty for where Debian installs them.</param>
/// <param name="folder">The folder, which has to exist.</param>
internal sealed class PeerPrograms(string programs, string folder) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _running = [];

    public static bool Exist(string programs, params IEnumerable<string> names) => names.All(name => Find(programs, name) is not null);

    /// <summary>Starts one that runs until the end.</summary>
    public void Run(string program, params IEnumerable<string> arguments)
    {
        var process = Start(program, [$"--log-file={folder}/{program}.log", "-vconsole:off", "--no-chdir", .. arguments]);
        _running.Add(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Executes one and returns what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed, or did not end.</exception>
    public string Execute(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        return process.WaitForExit(s_patience) && process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}");
    }

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_running))
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static string? Find(string programs, string program) =>
        (programs.Length > 0 ? [programs] : new[] { "/usr/sbin", "/usr/bin" })
        .Select(place => Path.Combine(place, program)).FirstOrDefault(File.Exists);

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(programs, program) ?? throw new InvalidOperationException($"{program} is not installed"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // Where they look for sockets that no option names.
        foreach (var variable in new[] { "OVS_RUNDIR", "OVN_RUNDIR", "OVS_DBDIR", "OVS_LOGDIR", "OVN_LOGDIR" })
        {
            start.Environment[variable] = folder;
        }

        return Process.Start(start)!;
    }
}
