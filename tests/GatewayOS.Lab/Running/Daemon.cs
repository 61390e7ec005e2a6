using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Linux.Namespaces;

namespace GatewayOS.Lab.Running;

/// <summary>A program that runs beside the lab, with its output in <c>NAME.log</c>.</summary>
internal sealed class Daemon
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _network;
    private readonly string _log;

    private Daemon(Process process, string network, string log)
    {
        _process = process;
        _network = network;
        _log = log;
    }

    /// <summary>Starts it in a session of its own: Ctrl-C is for us to handle, and a kept lab outlives us.</summary>
    public static Daemon Start(string network, string folder, string program, IEnumerable<string> arguments)
    {
        var log = Path.Combine(folder, Path.GetFileName(program) + ".log");
        string[] words = ["sh", "-c", "exec \"$@\" >> \"$0\" 2>&1 < /dev/null", log, program, .. arguments];
        var process = NetworkNamespace.Run(NetworkNamespace.PathOf(network), () => Process.Start(new ProcessStartInfo("setsid", words)
        {
            UseShellExecute = false,
        })!);
        return new Daemon(process, network, log);
    }

    /// <summary>Waits until it accepts TCP connections.</summary>
    /// <exception cref="LabException">It ended, or did not listen in time; the message has the end of its log.</exception>
    public async Task WaitUntilListeningAsync(string address, TimeSpan patience, CancellationToken token)
    {
        var endpoint = IPEndPoint.Parse(address);
        await Poll.UntilAsync(
            async () =>
            {
                if (_process.HasExited)
                {
                    throw new LabException($"{Path.GetFileNameWithoutExtension(_log)} ended with {_process.ExitCode}: {LogEnd.Of(_log)}");
                }

                using var socket = NetworkNamespace.Run(
                    NetworkNamespace.PathOf(_network), () => new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
                try
                {
                    await socket.ConnectAsync(endpoint, token);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            $"{Path.GetFileNameWithoutExtension(_log)} to listen on {address}",
            patience,
            token);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>How it ended by itself, with the end of its log; null while it lives.</summary>
    public string? Fallen => _process.HasExited ? $"{Path.GetFileNameWithoutExtension(_log)} (process {_process.Id}) has ended with {_process.ExitCode}: {LogEnd.Of(_log)}" : null;

    /// <summary>Ends it without giving it a chance to do anything (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>Asks it to end (SIGTERM), and kills it if it does not.</summary>
    public async Task StopAsync()
    {
        await Tool.RunAsync(null, "sh", ["-c", "kill -TERM \"$0\" || true", $"{_process.Id}"]);
        using var deadline = new CancellationTokenSource(s_patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
