using System.Collections.Concurrent;
using System.Text.Json;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Ovsdb.Transactions;

/// <summary>The transactions under way on one session. Any task executes; the task that receives completes.</summary>
internal sealed class Transactor(Session session, string database)
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<TransactionResult>> _outcomes = [];
    private volatile bool _lost;

    /// <exception cref="OvsdbException">The session was lost or the server refused the request.</exception>
    public async Task<TransactionResult> ExecuteAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var id = session.NextId();
        var outcome = new TaskCompletionSource<TransactionResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _outcomes[id] = outcome;
        try
        {
            await session.RequestAsync(id, "transact", json => Write(json, operations), cancellationToken);

            // Whoever loses the session sets the flag first and then looks at the outcomes: one of the two sees the other.
            return _lost ? throw Lost() : await outcome.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _outcomes.TryRemove(id, out _);
        }
    }

    /// <summary>Takes a reply.</summary>
    public void Complete(in Message reply)
    {
        if (Session.IdOf(reply) is not { } id || !_outcomes.TryGetValue(id, out var outcome))
        {
            return;
        }

        if (reply.Failed)
        {
            outcome.TrySetException(session.Refused("transact", reply));
            return;
        }

        using var document = JsonDocument.Parse(reply.Result);
        outcome.TrySetResult(TransactionResult.From(document.RootElement));
    }

    /// <summary>The session is gone: fails what is under way.</summary>
    public void Lose()
    {
        _lost = true;
        foreach (var outcome in _outcomes.Values)
        {
            outcome.TrySetException(Lost());
        }
    }

    private OvsdbException Lost() => new($"{session.Remote} was lost; whether it executed the transaction is not known");

    private void Write(Utf8JsonWriter json, IReadOnlyList<Operation> operations)
    {
        json.WriteStartArray();
        json.WriteStringValue(database);
        foreach (var operation in operations)
        {
            json.WriteStartObject();
            operation.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
