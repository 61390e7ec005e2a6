using System.Buffers;
using System.Text.Json;
using GatewayOS.Fuzz.Tests.Engine;
using GatewayOS.Ovn;
using GatewayOS.Ovsdb;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Fuzz.Tests.Targets;

/// <summary>What an OVSDB server sends. The refusals are those that the client takes for a malformed message (OvsdbClient).</summary>
internal static class OvsdbTargets
{
    private const long BytesPerOctet = 2000;
    private const int MaximumMessage = 1 << 20;
    private const string Uuid = "\"11111111-2222-3333-4444-555555555555\"";

    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", "\"", "\\", ":", ",", "\\u0000", "\\ud800", "\u00fc", "null", "true", "false", "[[[[", "{\"a\":", "[\"set\",[", "[\"map\",[", "[\"uuid\"," + Uuid + "]", Uuid,
        "\"insert\"", "\"initial\"", "\"modify\"", "\"delete\"", "\"id\":", "\"method\":\"update3\"", "\"params\":", "\"result\":", "\"error\":", "\"Logical_Flow\"", "\"Port_Binding\"",
        "\"Chassis\"", "\"options\"", "\"datapath\"", "\"tunnel_key\"", "\"match\"", "\"replica\"",
    ];

    /// <summary>A stream of messages: cut, told apart, applied as notifications or as results of monitors.</summary>
    public static FuzzTarget Messages { get; } = new("ovsdb-messages", Samples.Parts("messages.txt"), s_pieces, ReadStream, BytesPerOctet);

    /// <summary>A table-updates2 object.</summary>
    public static FuzzTarget Updates { get; } = new("ovsdb-updates", Samples.Parts("updates.txt"), s_pieces, input => Refusing(() => Apply(input.Span)), BytesPerOctet);

    /// <summary>The result of a transaction, and a schema.</summary>
    public static FuzzTarget Replies { get; } = new("ovsdb-replies", Samples.Parts("replies.txt"), s_pieces, input => Refusing(() => Reply(input)), BytesPerOctet);

    private static string ReadStream(ReadOnlyMemory<byte> input) => Refusing(() =>
    {
        using var stream = new MemoryStream(input.ToArray());
        var reader = new MessageReader(stream, MaximumMessage);
        var words = new SortedSet<string>(StringComparer.Ordinal);
        bool more;
        do
        {
            while (reader.TryTake(out var message))
            {
                words.Add(Refusing(() => Take(message)));
            }

            // A memory stream has everything at once, so nothing is awaited.
            more = reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        while (more);

        return string.Join(' ', words);
    });

    private static string Take(Message message)
    {
        if (message.Calls("\"update3\""u8))
        {
            return "update3 " + Apply(Update.Three(message.Params.Span).Tables);
        }

        if (message.Calls("\"update2\""u8))
        {
            return "update2 " + Apply(Update.Two(message.Params.Span).Tables);
        }

        return message.IsReply && !message.Failed ? "result " + Apply(Update.Since(message.Result.Span).Tables) : "other";
    }

    private static string Apply(ReadOnlySpan<byte> updates)
    {
        var values = new ValueDecoder();
        var once = Southbound.Model.Update(Southbound.Empty, updates, values, reset: true);

        // What says the whole content says it twice as well as once.
        var twice = Southbound.Model.Update(once, updates, values, reset: true);
        if (!ReferenceEquals(once.LogicalFlows, twice.LogicalFlows) && !once.LogicalFlows.SequenceEqual(twice.LogicalFlows))
        {
            throw new FuzzException("the same contents applied twice differ");
        }

        return Words.Taken("rows", once.LogicalFlows.Count + once.PortBindings.Count + once.Chassis.Count);
    }

    private static string Reply(ReadOnlyMemory<byte> input)
    {
        using var document = JsonDocument.Parse(input);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? Words.Taken("schema", Requests(input))
            : Words.Taken("transaction " + (TransactionResult.From(document.RootElement).Committed ? "committed" : "failed"), 0);
    }

    private static int Requests(ReadOnlyMemory<byte> schema)
    {
        var requests = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(requests);
        MonitoredTables.Of(Southbound.Model, schema).WriteRequests(json, MonitorConditions.None);
        json.Flush();
        return requests.WrittenCount;
    }

    private static string Refusing(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception refusal) when (refusal is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            return Words.Refused(refusal.GetType().Name + " " + refusal.Message);
        }
    }
}
