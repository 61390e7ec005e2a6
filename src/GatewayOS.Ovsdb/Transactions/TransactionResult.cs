using System.Text.Json;
using GatewayOS.Core;

namespace GatewayOS.Ovsdb.Transactions;

/// <summary>What became of a transaction: either all of its operations took effect or none.</summary>
/// <param name="Operations">One result per operation, plus one more if committing itself failed.</param>
public sealed record TransactionResult(EquatableArray<OperationResult> Operations)
{
    public bool Committed => Error is null;

    /// <summary>The first error, with its details; null if the transaction was committed.</summary>
    public string? Error => Operations.FirstOrDefault(operation => operation.Error is not null) is { } failed
        ? failed.Details is { } details ? $"{failed.Error}: {details}" : failed.Error
        : null;

    internal static TransactionResult From(JsonElement json) => new(json.EnumerateArray().Select(OperationResult.From).ToEquatableArray());
}
