using System.IO.Pipelines;
using System.Text;
using GatewayOS.Ovsdb.Wire;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GatewayOS.Ovsdb.Tests.Wire;

public sealed class SessionTests
{
    private readonly ArmedTime _time = new();
    private readonly Pipe _toClient = new();
    private readonly Pipe _toServer = new();
    private readonly CancellationToken _patience = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_servers_echo_is_answered_with_its_id_and_parameters()
    {
        await using var session = NewSession();
        var receiving = session.ReceiveAsync(_patience).AsTask();
        await SayAsync("""{"id":"echo","method":"echo","params":["a",{"b":1}]}""");
        Assert.Equal("""{"id":"echo","result":["a",{"b":1}],"error":null}""", await HearAsync());
        Assert.False(receiving.IsCompleted);
    }

    [Fact]
    public async Task A_silent_server_is_probed_and_given_up_when_it_stays_silent()
    {
        await using var session = NewSession();
        var receiving = session.ReceiveAsync(_patience).AsTask();
        await LetIntervalPassAsync();
        Assert.Equal("""{"id":"probe","method":"echo","params":[]}""", await HearAsync());
        await LetIntervalPassAsync();
        var failure = await Assert.ThrowsAsync<OvsdbException>(() => receiving);
        Assert.Contains("tcp:db:6642 has not answered an inactivity probe for 5 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_on_a_unix_socket_is_left_alone()
    {
        await using var session = NewSession(new Remote.Unix("/db"));
        var receiving = session.ReceiveAsync(_patience).AsTask();
        _time.Advance(TimeSpan.FromHours(1));
        await SayAsync("""{"id":"echo","method":"echo","params":[]}""");
        Assert.Equal("""{"id":"echo","result":[],"error":null}""", await HearAsync());
        Assert.False(receiving.IsCompleted);
    }

    [Fact]
    public async Task A_server_that_answers_the_probe_is_kept()
    {
        await using var session = NewSession();
        var receiving = session.ReceiveAsync(_patience).AsTask();
        for (var i = 0; i < 3; i++)
        {
            await LetIntervalPassAsync();
            Assert.Contains("probe", await HearAsync(), StringComparison.Ordinal);
            await _time.Armed.WaitAsync(_patience);
            await SayAsync("""{"id":"probe","result":[],"error":null}""");
        }

        await SayAsync("""{"id":null,"method":"update2","params":[]}""");
        Assert.True((await receiving).Calls("\"update2\""u8));
    }

    [Fact]
    public async Task A_call_gets_its_own_reply_and_hands_on_what_comes_before()
    {
        await using var session = NewSession();
        var others = new List<string>();
        var calling = session.CallAsync(
            "list_dbs", json => json.WriteNullValue(), message => others.Add(Encoding.UTF8.GetString(message.Method.Span)), _patience);
        Assert.Equal("""{"id":1,"method":"list_dbs","params":null}""", await HearAsync());
        await SayAsync("""{"id":null,"method":"update2","params":[]}{"id":7,"result":[],"error":null}{"id":1,"result":["x"],"error":null}""");
        Assert.Equal("""["x"]""", Encoding.UTF8.GetString((await calling).Result.Span));
        Assert.Equal(["\"update2\"", ""], others);
    }

    private Session NewSession(Remote? remote = null) => new(
        remote ?? new Remote.Tcp("db", 6642), new Duplex(_toClient.Reader.AsStream(), _toServer.Writer.AsStream()), new ConnectionOptions(), _time);

    private async Task SayAsync(string text) => await _toClient.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), _patience);

    private async Task<string> HearAsync()
    {
        var result = await _toServer.Reader.ReadAsync(_patience);
        var text = Encoding.UTF8.GetString(result.Buffer);
        _toServer.Reader.AdvanceTo(result.Buffer.End);
        return text;
    }

    private async Task LetIntervalPassAsync()
    {
        await _time.Armed.WaitAsync(_patience);
        _time.Advance(TimeSpan.FromSeconds(5));
    }

    /// <summary>Tells when a timer was set, which happens on another task: before that it is no use to let time pass.</summary>
    private sealed class ArmedTime : FakeTimeProvider
    {
        public SemaphoreSlim Armed { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Armed.Release();
            return timer;
        }
    }

    /// <summary>Two one-way streams as one.</summary>
    private sealed class Duplex(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                input.Dispose();
                output.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
