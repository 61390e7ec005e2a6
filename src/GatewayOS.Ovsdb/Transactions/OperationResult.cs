using System.Text.Json;

namespace GatewayOS.Ovsdb.Transactions;

/// <summary>What became of one operation (RFC 7047 section 4.1.3).</summary>
/// <param name="Count">Rows updated, mutated or deleted.</param>
/// <param name="Uuid">The row inserted.</param>
/// <param name="Rows">The rows selected, as JSON objects.</param>
/// <param name="Error">The error's name, such as <c>constraint violation</c>; null when the operation succeeded or was not reached.</param>
/// <param name="Details">More about the error.</param>
public sealed record OperationResult(long Count, Guid? Uuid, JsonElement? Rows, string? Error, string? Details)
{
    internal static OperationResult From(JsonElement json) => json.ValueKind != JsonValueKind.Object
        ? new(0, null, null, null, null)
        : new(
            json.TryGetProperty("count", out var count) ? count.GetInt64() : 0,
            json.TryGetProperty("uuid", out var uuid) ? Inserted(uuid) : null,
            json.TryGetProperty("rows", out var rows) ? rows.Clone() : null,
            json.TryGetProperty("error", out var error) ? error.GetString() : null,
            json.TryGetProperty("details", out var details) ? details.GetString() : null);

    // ["uuid", TEXT]
    private static Guid Inserted(JsonElement json) => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 2
        ? json[1].GetGuid()
        : throw new FormatException("the UUID of an inserted row is malformed");
}
