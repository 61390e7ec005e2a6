using System.Text.Json;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Ovsdb;

/// <summary>Keeps a snapshot equal to a server's database over the life of one or more sessions.</summary>
/// <remarks>
/// <code>
/// get_schema --> which tables and columns the server has --> monitor_cond_since(last transaction)
///                                                             | unknown method: monitor_cond
///   found: the changes since then     not found: everything, compared with what is known
/// </code>
/// </remarks>
internal sealed class Replica<TDatabase>(DatabaseModel<TDatabase> model)
{
    private const string Monitor = "replica";

    private readonly ValueDecoder _values = new();
    private MonitoredTables _tables = MonitoredTables.None;

    public TDatabase Database { get; private set; } = model.Empty;

    /// <summary>The last transaction in <see cref="Database"/>; empty if the server does not number them.</summary>
    public Guid Transaction { get; private set; }

    /// <summary>Brings the snapshot up to date; afterwards the server sends notifications.</summary>
    /// <param name="session">A new session.</param>
    /// <param name="conditions">Which rows to fetch. When there is a last transaction, those that the snapshot was fetched by.</param>
    /// <param name="other">Takes what else the server sends meanwhile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OvsdbException">The server does not have the database, or refuses.</exception>
    public async Task StartAsync(Session session, MonitorConditions conditions, Action<Message> other, CancellationToken cancellationToken)
    {
        var schema = await session.CallAsync("get_schema", json => WriteArray(json, model.Database), other, cancellationToken);
        var tables = schema.Failed
            ? throw session.Refused($"get_schema {model.Database}", schema)
            : MonitoredTables.Of(model, schema.Result);
        if (!tables.Matches(_tables))
        {
            // Rows known so far may lack columns that this server has: changes alone would not bring them.
            Transaction = Guid.Empty;
        }

        _tables = tables;

        var reply = await session.CallAsync("monitor_cond_since", json => WriteMonitor(json, conditions, Transaction), other, cancellationToken);
        if (!reply.Failed)
        {
            Apply(Update.Since(reply.Result.Span));
            return;
        }

        reply = await session.CallAsync("monitor_cond", json => WriteMonitor(json, conditions, null), other, cancellationToken);
        Apply(reply.Failed
            ? throw session.Refused($"monitor_cond {model.Database}", reply)
            : new Update(Monitor, found: false, Guid.Empty, reply.Result.Span));
    }

    /// <summary>Applies a notification.</summary>
    /// <returns>Whether it was an update of this replica.</returns>
    public bool TryApply(in Message message)
    {
        var three = message.Calls("\"update3\""u8);
        if (!three && !message.Calls("\"update2\""u8))
        {
            return false;
        }

        var update = three ? Update.Three(message.Params.Span) : Update.Two(message.Params.Span);
        if (!string.Equals(update.Monitor, Monitor, StringComparison.Ordinal))
        {
            return false;
        }

        Apply(update);
        return true;
    }

    /// <summary>Writes the parameters of a monitor_cond_change (ovsdb-server(7) 4.1.13); the monitor keeps its name.</summary>
    public void WriteChange(Utf8JsonWriter json, MonitorConditions from, MonitorConditions to)
    {
        json.WriteStartArray();
        json.WriteStringValue(Monitor);
        json.WriteStringValue(Monitor);
        _tables.WriteChanges(json, from, to);
        json.WriteEndArray();
    }

    /// <summary>Distrusts the snapshot: the next session fetches everything.</summary>
    public void Forget() => Transaction = Guid.Empty;

    private void Apply(Update update)
    {
        Database = model.Update(Database, update.Tables, _values, reset: !update.Found);
        Transaction = update.Transaction;
    }

    private void WriteMonitor(Utf8JsonWriter json, MonitorConditions conditions, Guid? since)
    {
        json.WriteStartArray();
        json.WriteStringValue(model.Database);
        json.WriteStringValue(Monitor);
        _tables.WriteRequests(json, conditions);
        if (since is { } transaction)
        {
            json.WriteStringValue(transaction);
        }

        json.WriteEndArray();
    }

    private static void WriteArray(Utf8JsonWriter json, string text)
    {
        json.WriteStartArray();
        json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
