using GatewayOS.Core;

namespace GatewayOS.Connections;

/// <summary>What a source of connections tells, in order.</summary>
/// <remarks>
/// <code>
///   DumpBegan  Listed*  DumpEnded  ( Changed | DumpBegan Listed* DumpEnded )*
/// </code>
/// What a dump does not list does not exist when it ends. Every event is told that happens after a dump began, and some of before: they
/// lead to the same state again.
/// </remarks>
public abstract record ConnectionNews
{
    private ConnectionNews()
    {
    }

    /// <param name="Reason">Why everything is listed.</param>
    public sealed record DumpBegan(DumpReason Reason) : ConnectionNews;

    public sealed record Listed(EquatableArray<ConnectionEntry> Entries) : ConnectionNews;

    public sealed record DumpEnded : ConnectionNews;

    public sealed record Changed(EquatableArray<ConnectionEvent> Events) : ConnectionNews;
}
