using System.Diagnostics;
using System.Globalization;
using SharpPcap;
using SharpPcap.LibPcap;

namespace GatewayOS.P4Runtime.Tests;

/// <summary>A veth pair: one end is a port of the switch, the other the test's. No address, no IPv6, so nothing but the test speaks.</summary>
public sealed class VirtualCable : IDisposable
{
    private const long PatienceSeconds = 10;

    private readonly LibPcapLiveDevice _device;
    private readonly string _testEnd;

    public VirtualCable(uint port)
    {
        Port = port;
        var name = string.Create(CultureInfo.InvariantCulture, $"g{Environment.ProcessId % 1000000}p{port}");
        (SwitchEnd, _testEnd) = ($"{name}s", $"{name}t");
        Ip("link", "add", SwitchEnd, "type", "veth", "peer", "name", _testEnd);
        foreach (var end in new[] { SwitchEnd, _testEnd })
        {
            File.WriteAllText($"/proc/sys/net/ipv6/conf/{end}/disable_ipv6", "1");
            Ip("link", "set", end, "mtu", "9000", "up");
        }

        _device = LibPcapLiveDeviceList.New().First(device => device.Name == _testEnd);
        _device.Open(new DeviceConfiguration { Mode = DeviceModes.Promiscuous | DeviceModes.MaxResponsiveness, ReadTimeout = 20 });
    }

    public uint Port { get; }

    public string SwitchEnd { get; }

    public void Send(byte[] octets) => _device.SendPacket(octets);

    /// <summary>The frames before the marker.</summary>
    public IReadOnlyList<byte[]> ReceiveUntil(byte[] marker)
    {
        var frames = new List<byte[]>();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < PatienceSeconds)
        {
            if (_device.GetNextPacket(out var capture) != GetPacketStatus.PacketRead)
            {
                continue;
            }

            var octets = capture.Data.ToArray();
            if (octets.AsSpan().SequenceEqual(marker))
            {
                return frames;
            }

            frames.Add(octets);
        }

        throw new TimeoutException($"no marker at port {Port}");
    }

    public void Dispose()
    {
        _device.Dispose();
        Ip("link", "delete", SwitchEnd);
    }

    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments)) ?? throw new InvalidOperationException("ip did not start");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)} failed");
        }
    }
}
