using System.Diagnostics;
using GatewayOS.Linux.Namespaces;
using GatewayOS.Linux.Packets;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>
/// The switch as a process of its own in a network namespace, port 1 on a0 and port 257 on a1; the tests hold the peers b0 and b1:
/// <c>b0 === a0 [1 softswitch 257] a1 === b1</c>.
/// </summary>
internal sealed class SwitchInNamespace : IAsyncDisposable
{
    private readonly string _name = $"sw{Guid.NewGuid():N}"[..10];
    private Process? _process;

    public static bool IsPossible => Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/ip");

    public string Path => NetworkNamespace.PathOf(_name);

    public static async Task<SwitchInNamespace> StartAsync(string program)
    {
        var device = new SwitchInNamespace();
        try
        {
            await IpAsync("netns", "add", device._name);
            await device.AddPairAsync(0);
            await device.AddPairAsync(1);
            await device.RunSwitchAsync(program);
            return device;
        }
        catch
        {
            await device.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes aN and bN, up and without offloads, which would leave checksums unfinished.</summary>
    public async Task AddPairAsync(int index)
    {
        await IpAsync("-n", _name, "link", "add", $"a{index}", "type", "veth", "peer", "name", $"b{index}");
        await IpAsync("-n", _name, "link", "set", $"a{index}", "up");
        await IpAsync("-n", _name, "link", "set", $"b{index}", "up");
    }

    public Task DeleteAsync(string link) => IpAsync("-n", _name, "link", "del", link);

    public PacketSocket OpenPeer(int index) => NetworkNamespace.Run(Path, () => PacketSocket.Open($"b{index}"));

    /// <summary>Waits until a line of the log contains the text.</summary>
    public async Task WaitForLogAsync(string text)
    {
        while (await _process!.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"the switch ended before it said '{text}'");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        await IpAsync("netns", "del", _name);
    }

    private static async Task IpAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"ip {string.Join(' ', arguments)}: {errors}");
    }

    private async Task RunSwitchAsync(string program)
    {
        string[] arguments =
        [
            "netns", "exec", _name, "dotnet", System.IO.Path.Combine(AppContext.BaseDirectory, "softswitch.dll"),
            "-i", "1@a0", "-i", "257@a1", "--grpc-server-addr", $"unix:{System.IO.Path.Combine(System.IO.Path.GetTempPath(), _name)}", program,
        ];
        _process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await WaitForLogAsync("serves P4Runtime");
    }
}
