using System.Text.Json;

namespace GatewayOS.Ovsdb.Wire;

/// <summary>What surrounds table updates in a monitor's reply and in notifications.</summary>
/// <param name="monitor">The monitor that a notification belongs to.</param>
/// <param name="found">Whether a reply holds what changed since the transaction asked for, and not everything.</param>
/// <param name="transaction">The last transaction in the updates; empty if unknown.</param>
/// <param name="tables">The table-updates2 object.</param>
internal readonly ref struct Update(string monitor, bool found, Guid transaction, ReadOnlySpan<byte> tables)
{
    public string Monitor { get; } = monitor;

    public bool Found { get; } = found;

    public Guid Transaction { get; } = transaction;

    public ReadOnlySpan<byte> Tables { get; } = tables;

    /// <summary>The parameters of update2, <c>[monitor, tables]</c>.</summary>
    public static Update Two(ReadOnlySpan<byte> json)
    {
        var reader = Open(json);
        var monitor = reader.GetString() ?? "";
        reader.Read();
        return new(monitor, true, Guid.Empty, json[(int)reader.TokenStartIndex..]);
    }

    /// <summary>The parameters of update3, <c>[monitor, transaction, tables]</c>.</summary>
    public static Update Three(ReadOnlySpan<byte> json)
    {
        var reader = Open(json);
        var monitor = reader.GetString() ?? "";
        reader.Read();
        var transaction = reader.GetGuid();
        reader.Read();
        return new(monitor, true, transaction, json[(int)reader.TokenStartIndex..]);
    }

    /// <summary>The result of monitor_cond_since, <c>[found, transaction, tables]</c>.</summary>
    public static Update Since(ReadOnlySpan<byte> json)
    {
        var reader = Open(json);
        var found = reader.GetBoolean();
        reader.Read();
        var transaction = reader.GetGuid();
        reader.Read();
        return new("", found, transaction, json[(int)reader.TokenStartIndex..]);
    }

    private static Utf8JsonReader Open(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.StartArray && reader.Read()
            ? reader
            : throw new FormatException("an update is not an array");
    }
}
