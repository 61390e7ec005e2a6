using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GatewayOS.Ovsdb.Wire;

/// <summary>One connection to a database server: requests out, messages in, and the echoes both ways (RFC 7047 section 4).</summary>
/// <remarks>One task receives; any task may send. All failures are <see cref="OvsdbException"/>s that name the remote.</remarks>
internal sealed class Session : IAsyncDisposable
{
    private static readonly TimeSpan s_standardProbe = TimeSpan.FromSeconds(5);

    private readonly Stream _stream;
    private readonly MessageReader _reader;
    private readonly TimeSpan _probeInterval;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly CancellationTokenSource _closing = new();
    private int _lastId;
    private Task<bool>? _filling;

    public Session(Remote remote, Stream stream, ConnectionOptions options, TimeProvider time)
    {
        Remote = remote;
        _stream = stream;
        _reader = new MessageReader(stream, options.MaximumMessageSize);
        _probeInterval = options.ProbeInterval ?? (remote is Remote.Unix ? TimeSpan.Zero : s_standardProbe);
        _time = time;
    }

    public Remote Remote { get; }

    public static async Task<Session> ConnectAsync(
        Remote remote, ConnectionOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        new(remote, await Connector.ConnectAsync(remote, options, time, cancellationToken), options, time);

    /// <summary>A fresh id for a request.</summary>
    public int NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Sends a request; the reply will repeat the id.</summary>
    public Task RequestAsync(int id, string method, Action<Utf8JsonWriter> parameters, CancellationToken cancellationToken)
    {
        return SendAsync(Encode, cancellationToken);

        void Encode(Utf8JsonWriter json)
        {
            json.WriteNumber("id", id);
            json.WriteString("method", method);
            json.WritePropertyName("params");
            parameters(json);
        }
    }

    /// <summary>Sends a request and receives up to its reply; what comes before it goes to <paramref name="other"/>.</summary>
    /// <exception cref="OvsdbException">The connection failed. That the reply reports an error is for the caller to see.</exception>
    public async Task<Message> CallAsync(
        string method, Action<Utf8JsonWriter> parameters, Action<Message> other, CancellationToken cancellationToken)
    {
        var id = NextId();
        await RequestAsync(id, method, parameters, cancellationToken);
        while (true)
        {
            var message = await ReceiveAsync(cancellationToken);
            if (message.IsReply && IdOf(message) == id)
            {
                return message;
            }

            other(message);
        }
    }

    /// <summary>The number in a message's id, or null if the peer chose the id.</summary>
    public static int? IdOf(in Message message) =>
        int.TryParse(message.Id.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Receives the next message that is no echo. The server's echoes are answered, and it is probed when silent.</summary>
    public async ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken)
    {
        var probed = false;
        try
        {
            while (true)
            {
                while (_reader.TryTake(out var message))
                {
                    probed = false;
                    if (message.Calls("\"echo\""u8))
                    {
                        await AnswerEchoAsync(message, cancellationToken);
                    }
                    else if (!message.IsReply || !message.Id.Span.SequenceEqual("\"probe\""u8))
                    {
                        return message;
                    }
                }

                if (await FillAsync(cancellationToken) is not { } open)
                {
                    if (probed)
                    {
                        throw new OvsdbException($"{Remote} has not answered an inactivity probe for {_probeInterval.TotalSeconds:0.###} s");
                    }

                    probed = true;
                    await SendAsync(EncodeProbe, cancellationToken);
                }
                else if (!open)
                {
                    throw new OvsdbException($"{Remote} closed the connection; see the log of ovsdb-server for its reason");
                }
            }
        }
        catch (IOException failure)
        {
            throw new OvsdbException($"the connection to {Remote} failed: {failure.Message}", failure);
        }
        catch (FormatException failure)
        {
            throw Malformed(failure);
        }
    }

    /// <summary>What to throw when a message of this session could not be decoded.</summary>
    public OvsdbException Malformed(Exception failure) =>
        new($"{Remote} sent what is no OVSDB message: {failure.Message}; check that this is the address of an ovsdb-server", failure);

    /// <summary>What to throw when the server refused a request.</summary>
    public OvsdbException Refused(string method, in Message reply) =>
        new($"{Remote} refused {method}: {Encoding.UTF8.GetString(reply.Error.Span)}");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _stream.DisposeAsync();
        if (_filling is { } filling)
        {
            // It fails because the stream is gone, which is what was asked for.
            await ((Task)filling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _closing.Dispose();

    }

    // Null when nothing came for the probe interval. The read goes on then, and the next call awaits it.
    private async ValueTask<bool?> FillAsync(CancellationToken cancellationToken)
    {
        if (_filling is null)
        {
            var filling = _reader.FillAsync(_closing.Token);
            if (filling.IsCompletedSuccessfully)
            {
                return await filling;
            }

            _filling = filling.AsTask();
        }

        try
        {
            var patience = _probeInterval > TimeSpan.Zero ? _probeInterval : Timeout.InfiniteTimeSpan;
            var open = await _filling.WaitAsync(patience, _time, cancellationToken);
            _filling = null;
            return open;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private Task AnswerEchoAsync(in Message echo, CancellationToken cancellationToken)
    {
        var (id, parameters) = (echo.Id.ToArray(), echo.Params.ToArray());
        return SendAsync(Encode, cancellationToken);

        void Encode(Utf8JsonWriter json)
        {
            json.WritePropertyName("id");
            json.WriteRawValue(id);
            json.WritePropertyName("result");
            json.WriteRawValue(parameters);
            json.WriteNull("error");
        }
    }

    private static void EncodeProbe(Utf8JsonWriter json)
    {
        json.WriteString("id", "probe");
        json.WriteString("method", "echo");
        json.WriteStartArray("params");
        json.WriteEndArray();
    }

    private async Task SendAsync(Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            _output.ResetWrittenCount();
            await using (var json = new Utf8JsonWriter(_output))
            {
                json.WriteStartObject();
                members(json);
                json.WriteEndObject();
            }

            await _stream.WriteAsync(_output.WrittenMemory, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            throw new OvsdbException($"the connection to {Remote} failed: {failure.Message}", failure);
        }
        finally
        {
            _sending.Release();
        }
    }
}
