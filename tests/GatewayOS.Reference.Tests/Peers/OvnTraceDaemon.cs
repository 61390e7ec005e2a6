using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace GatewayOS.Reference.Tests.Peers;

/// <summary>
/// A running ovn-trace that answers many questions over its control socket (unixctl: JSON-RPC 1.0 objects without a delimiter). It cannot be
/// told conntrack states question by question: those given at its start are used up one after the other.
/// </summary>
internal sealed class OvnTraceDaemon : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ovntrace");
    private readonly Process _process;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private byte[] _buffer = new byte[1 << 16];
    private int _id;

    public OvnTraceDaemon(string remote, IEnumerable<string> states)
    {
        var path = Path.Combine(_folder.FullName, "ctl");

        // Detaching is what makes it a server; the parent ends when the child answers.
        var pidFile = Path.Combine(_folder.FullName, "pid");
        try
        {
            Programs.Run("ovn-trace", [$"--db={remote}", "--detach", "--no-chdir", $"--pidfile={pidFile}", $"--unixctl={path}", "-voff", .. states.Select(state => $"--ct={state}")]);
            _process = Process.GetProcessById(int.Parse(File.ReadAllText(pidFile).Trim(), System.Globalization.CultureInfo.InvariantCulture));
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            _folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Traces a packet.</summary>
    /// <returns>The table by table and the minimal trace.</returns>
    /// <exception cref="InvalidOperationException">ovn-trace refuses the question.</exception>
    /// <exception cref="EndOfStreamException">ovn-trace has crashed, or does not end.</exception>
    public (string Detailed, string Minimal) Trace(string datapath, string microflow)
    {
        const string DetailedMark = "# Detailed trace.\n";
        const string MinimalMark = "# Minimal trace.\n";
        const string SummaryMark = "# Summary trace.\n";
        var text = Ask("trace", "--all", datapath, microflow);
        var (detailed, summary, minimal) = (Find(DetailedMark), Find(SummaryMark), Find(MinimalMark));
        return (text[(detailed + DetailedMark.Length)..summary], text[(minimal + MinimalMark.Length)..]);

        int Find(string mark) =>
            text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var index ? index : throw new InvalidOperationException($"{microflow}: {text}");
    }

    public void Dispose()
    {
        _socket.Dispose();

        // It is no child of this process: whoever inherited it learns of its end.
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Ask(string method, params string[] parameters)
    {
        _socket.Send(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["id"] = ++_id, ["method"] = method, ["params"] = parameters }));
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, length * 2);
            }

            if (!_socket.Poll(s_patience, SelectMode.SelectRead) || _socket.Receive(_buffer.AsSpan(length)) is not (> 0 and var read))
            {
                throw new EndOfStreamException("ovn-trace has gone, or is busy for ever");
            }

            length += read;
            var reader = new Utf8JsonReader(_buffer.AsSpan(0, length), isFinalBlock: false, default);
            if (reader.Read() && reader.TrySkip())
            {
                using var answer = JsonDocument.Parse(_buffer.AsMemory(0, length));
                var error = answer.RootElement.GetProperty("error");
                return error.ValueKind == JsonValueKind.Null
                    ? answer.RootElement.GetProperty("result").GetString()!
                    : throw new InvalidOperationException(error.ToString());
            }
        }
    }
}
