using System.Net.Sockets;
using System.Text;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>A server whose answers a test makes up: given method, id and parameters (as JSON) it returns the text to send.</summary>
/// <remarks>After a text that ends with an asterisk, which is not sent, it closes the connection.</remarks>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scripted");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, string, string, string> _answer;
    private readonly Task _serving;

    public ScriptedServer(Func<string, string, string> answer)
        : this((method, id, _) => answer(method, id))
    {
    }

    public ScriptedServer(Func<string, string, string, string> answer)
    {
        _answer = answer;
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public string Remote => $"unix:{SocketPath}";

    private string SocketPath => Path.Combine(_folder.FullName, "sock");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await using var stream = new NetworkStream(await _listener.AcceptAsync(_stopping.Token), ownsSocket: true);
                await ServeAsync(stream);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var reader = new MessageReader(stream, 1 << 20);
        do
        {
            while (reader.TryTake(out var message))
            {
                var method = Encoding.UTF8.GetString(message.Method.Span).Trim('"');
                var answer = _answer(method, Encoding.UTF8.GetString(message.Id.Span), Encoding.UTF8.GetString(message.Params.Span));
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.TrimEnd('*')), _stopping.Token);
                if (answer.EndsWith('*'))
                {
                    return;
                }
            }
        }
        while (await reader.FillAsync(_stopping.Token));
    }
}
