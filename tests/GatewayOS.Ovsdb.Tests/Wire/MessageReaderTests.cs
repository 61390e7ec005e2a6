using System.Text;
using CsCheck;
using GatewayOS.Ovsdb.Wire;
using Xunit;

namespace GatewayOS.Ovsdb.Tests.Wire;

public sealed class MessageReaderTests
{
    private static readonly string[] s_tokens = ["{", "}", "[", "]", "\"", "\\", ":", ",", "\"id\"", "\"params\"", " ", "x", "1", "\u00fc"];

    private const string Stream = """
        {"id":"echo","method":"echo","params":[]}{"method":"update2","id":null, "params" : ["a\\\"}{",{"T":{"u":{"insert":{"id":"]","x":[1,{}]}}}}] }

        {"error":null,"result":{"params":"\\"},"id":17}
        """;

    [Fact]
    public async Task Messages_without_delimiter_are_found_however_the_stream_is_cut()
    {
        var octets = Encoding.UTF8.GetBytes(Stream);
        var expected = await ReadAsync(octets, octets.Length);
        Assert.Equal(
            [
                """ "echo"|"echo"|[]|| """,
                """ null|"update2"|["a\\\"}{",{"T":{"u":{"insert":{"id":"]","x":[1,{}]}}}}]|| """,
                """ 17|||{"params":"\\"}|null """,
            ],
            expected);
        for (var piece = 1; piece < octets.Length; piece++)
        {
            Assert.Equal(expected, await ReadAsync(octets, piece));
        }
    }

    [Fact]
    public async Task A_message_longer_than_the_buffer_is_read_and_one_longer_than_the_limit_is_refused()
    {
        var octets = Encoding.UTF8.GetBytes($$"""{"id":1,"result":"{{new string('x', 300_000)}}","error":null}""");
        var message = Assert.Single(await ReadAsync(octets, 4096));
        Assert.Equal(300_000 + " 1|||\"\"|null ".Length, message.Length);
        var failure = await Assert.ThrowsAsync<FormatException>(() => ReadAsync(octets, 4096, limit: 200_000));
        Assert.Contains("200000", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("x")]
    [InlineData("{}}")]
    [InlineData("\"{}\"")]
    [InlineData("{\"id\":1")]
    [InlineData("{\"id\":\"}")]
    [InlineData("{\"id\":1}{")]
    public async Task What_is_no_sequence_of_objects_is_an_error(string text) =>
        await Assert.ThrowsAsync<FormatException>(() => ReadAsync(Encoding.UTF8.GetBytes(text), 100));

    [Fact]
    public void Any_octets_give_messages_or_a_format_exception() =>
        Gen.Int[0, s_tokens.Length - 1].Select(i => s_tokens[i]).Array[0, 40].Sample(tokens =>
        {
            try
            {
                ReadAsync(Encoding.UTF8.GetBytes(string.Concat(tokens)), 3).GetAwaiter().GetResult();
            }
            catch (FormatException)
            {
                // The documented refusal.
            }
        });

    private static async Task<List<string>> ReadAsync(byte[] octets, int piece, int limit = 1 << 20)
    {
        var reader = new MessageReader(new Pieces(octets, piece), limit);
        var messages = new List<string>();
        do
        {
            while (reader.TryTake(out var message))
            {
                string[] members =
                [
                    Text(message.Id), Text(message.Method), Text(message.Params), Text(message.Result), Text(message.Error),
                ];
                messages.Add($" {string.Join('|', members)} ");
            }
        }
        while (await reader.FillAsync(TestContext.Current.CancellationToken));
        return messages;
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    /// <summary>A stream that gives at most so many octets at a time.</summary>
    private sealed class Pieces(byte[] octets, int piece) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
