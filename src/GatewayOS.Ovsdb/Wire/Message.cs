namespace GatewayOS.Ovsdb.Wire;

/// <summary>One JSON-RPC 1.0 message (RFC 7047 section 4): the JSON text of its members, empty where absent.</summary>
/// <remarks>The memory belongs to the reader and is valid until the next message is asked for.</remarks>
internal readonly record struct Message(
    ReadOnlyMemory<byte> Id,
    ReadOnlyMemory<byte> Method,
    ReadOnlyMemory<byte> Params,
    ReadOnlyMemory<byte> Result,
    ReadOnlyMemory<byte> Error)
{
    /// <summary>Whether the named method is called: a request if there is an id, else a notification.</summary>
    public bool Calls(ReadOnlySpan<byte> quotedMethod) => Method.Span.SequenceEqual(quotedMethod);

    public bool IsReply => Method.IsEmpty;

    /// <summary>Whether this reply reports an error.</summary>
    public bool Failed => !Error.IsEmpty && !Error.Span.SequenceEqual("null"u8);
}
