using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;

namespace GatewayOS.System.Tests.Faults;

/// <summary>A Unix socket in the file system that leads to a device's TCP port in its namespace.</summary>
internal sealed class DeviceRelay : IAsyncDisposable
{
    private readonly LabNetwork _lab;
    private readonly string _chassis;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public DeviceRelay(LabNetwork lab, string chassis)
    {
        (_lab, _chassis) = (lab, chassis);
        Path = $"{lab.FolderOf(chassis)}/test-{Guid.NewGuid().ToString()[..8]}.sock";
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public string Path { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
        File.Delete(Path);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            _ = PipeAsync(await _listener.AcceptAsync(_end.Token));
        }
    }

    private async Task PipeAsync(Socket client)
    {
        using var near = new NetworkStream(client, ownsSocket: true);
        var socket = _lab.Inside(_chassis, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(IPEndPoint.Parse(FastPathNode.DeviceAddress), _end.Token);
        using var far = new NetworkStream(socket, ownsSocket: true);
        await Task.WhenAny(near.CopyToAsync(far, _end.Token), far.CopyToAsync(near, _end.Token));
    }
}
