using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.P4Runtime.Tests;

/// <summary>simple_switch_grpc with the committed program and a virtual cable at each port; process, cables and folder go away with it.</summary>
public sealed class SimpleSwitch : IAsyncLifetime
{
    private static readonly uint[] s_ports = [1, 2, 3, 257, 258, 259];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bmv2");
    private readonly List<VirtualCable> _cables = [];
    private Process? _process;
    private P4RuntimeSession? _session;

    /// <summary>Whether this machine has the switch and may make cables.</summary>
    public static bool CanRun => Environment.IsPrivilegedProcess && OnPath("simple_switch_grpc") && OnPath("ip");

    public string Remote => $"unix:{Path.Combine(_folder.FullName, "p4rt.sock")}";

    /// <summary>The primary.</summary>
    public P4RuntimeSession Session => _session ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        if (!CanRun)
        {
            return;
        }

        var start = new ProcessStartInfo("simple_switch_grpc")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var port in s_ports)
        {
            var cable = new VirtualCable(port);
            _cables.Add(cable);
            start.ArgumentList.Add("-i");
            start.ArgumentList.Add($"{port}@{cable.SwitchEnd}");
        }

        foreach (var argument in new[] { "--no-p4", "--", "--grpc-server-addr", Remote })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("simple_switch_grpc did not start");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _session = await ConnectAsync(100);
        await _session.LoadPipelineAsync(TestPipeline.Gateway, CancellationToken.None);
    }

    /// <summary>A session that waits for the server to listen.</summary>
    public async Task<P4RuntimeSession> ConnectAsync(UInt128 electionId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                return await P4RuntimeSession.ConnectAsync(Remote, 0, electionId, P4RuntimeSession.UsualPatience, NullLogger<P4RuntimeSession>.Instance, deadline.Token);
            }
            catch (P4RuntimeException failure) when (failure.Fault == P4RuntimeFault.Unreachable)
            {
                // A real process that is starting tells nobody when it listens.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            }
        }
    }

    /// <summary>Sends a frame and gives back all that leaves because of it.</summary>
    /// <remarks>
    /// A marker follows the frame into the same port, so when it is out, the frame has passed ingress. Then a marker goes to every other port: what leaves
    /// a port before its marker is all there is, since each egress port is a queue.
    /// </remarks>
    public IReadOnlyList<PortFrame> Exchange(PortFrame sent)
    {
        var first = Cable(sent.Port ^ Pipeline.ExceptionPortBit);
        Cable(sent.Port).Send(sent.Octets);
        var received = ReceiveAtMarker(first);
        foreach (var cable in _cables.Where(cable => cable != first))
        {
            received.AddRange(ReceiveAtMarker(cable));
        }

        return received;
    }

    /// <summary>How many markers an exchange adds to the reason "not IP".</summary>
    public static int MarkersPunted => s_ports.Length / 2;

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }

        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        foreach (var cable in _cables)
        {
            cable.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    // From an exception port to its front port, and from a front port, being no IP, to its exception port.
    private List<PortFrame> ReceiveAtMarker(VirtualCable cable)
    {
        Cable(cable.Port ^ Pipeline.ExceptionPortBit).Send(Marker(cable.Port));
        return [.. cable.ReceiveUntil(Marker(cable.Port)).Select(octets => new PortFrame(cable.Port, octets))];
    }

    private static byte[] Marker(uint port) =>
    [
        2, 0, 0, 0, 0xee, 1, 2, 0, 0, 0, 0xee, 2, 0x88, 0xb5, (byte)(port >> 8), (byte)port, .. new byte[44],
    ];

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Append("/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));

    private VirtualCable Cable(uint port) => _cables.Find(cable => cable.Port == port)
        ?? throw new ArgumentException($"no port {port.ToString(CultureInfo.InvariantCulture)}", nameof(port));
}
