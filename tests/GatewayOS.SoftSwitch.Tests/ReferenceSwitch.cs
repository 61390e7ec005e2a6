using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>The real bmv2 (simple_switch_grpc), fed by capture files, one a port; no interfaces are needed.</summary>
internal sealed class ReferenceSwitch : IAsyncDisposable
{
    /// <summary>bmv2 starts with the files so long after it was started; entries have to be written by then.</summary>
    private const string SecondsBeforePackets = "8";

    private readonly string _folder;
    private readonly Process _process;
    private readonly GrpcChannel _channel;
    private readonly int[] _ports;

    private ReferenceSwitch(string folder, Process process, int port, int[] ports)
    {
        (_folder, _process, _ports) = (folder, process, ports);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        Client = new Wire.P4Runtime.P4RuntimeClient(_channel);
    }

    /// <summary>The path of simple_switch_grpc, or null; tests are skipped without it.</summary>
    public static string? Executable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "simple_switch_grpc")).FirstOrDefault(File.Exists);

    public Wire.P4Runtime.P4RuntimeClient Client { get; }

    public static ReferenceSwitch Start(ulong deviceId, int[] ports, IEnumerable<(int Port, byte[] Packet)> packets)
    {
        var folder = Directory.CreateTempSubdirectory("bmv2-").FullName;
        var byPort = packets.ToLookup(packet => packet.Port, packet => packet.Packet);
        foreach (var port in ports)
        {
            WriteCapture(Path.Combine(folder, $"p{port}_in.pcap"), byPort[port]);
        }

        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var grpc = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var start = new ProcessStartInfo(Executable!) { WorkingDirectory = folder };
        foreach (var argument in ports.SelectMany(port => new[] { "-i", $"{port}@{folder}/p{port}" }).Concat(
            ["--use-files", SecondsBeforePackets, "--device-id", $"{deviceId}", "-L", "off", "--no-p4", "--", "--grpc-server-addr", $"127.0.0.1:{grpc}"]))
        {
            start.ArgumentList.Add(argument);
        }

        return new ReferenceSwitch(folder, Process.Start(start)!, grpc, ports);
    }

    /// <summary>What has left so far, as (port, octets).</summary>
    public List<(int Port, string Octets)> Output() =>
        [.. _ports.SelectMany(port => ReadCapture(Path.Combine(_folder, $"p{port}_out.pcap")).Select(octets => (port, octets)))];

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The libpcap format: a header of 24 octets, then a header of 16 before each frame.</summary>
    private static void WriteCapture(string path, IEnumerable<byte[]> packets)
    {
        using var file = new BinaryWriter(File.Create(path));
        file.Write(0xa1b2c3d4);
        file.Write((ushort)2);
        file.Write((ushort)4);
        file.Write(0L);
        file.Write(65535);
        file.Write(1);
        foreach (var packet in packets)
        {
            file.Write(0L);
            file.Write(packet.Length);
            file.Write(packet.Length);
            file.Write(packet);
        }
    }

    private static IEnumerable<string> ReadCapture(string path)
    {
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        for (var at = 24; at + 16 <= octets.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(at + 8));
            if (at + 16 + length > octets.Length)
            {
                yield break;
            }

            yield return Convert.ToHexStringLower(octets, at + 16, length);
            at += 16 + length;
        }
    }
}
