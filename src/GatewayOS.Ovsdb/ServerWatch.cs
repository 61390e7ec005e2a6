using System.Text.Json;
using GatewayOS.Ovsdb.Wire;

namespace GatewayOS.Ovsdb;

/// <summary>Sees to it that a session's server is fit for the database: serves it, is in its cluster and up to date, leads it if that is asked.</summary>
internal sealed class ServerWatch(string database, bool leaderOnly, ClusterProgress progress)
{
    private const string Monitor = "server";

    private readonly Model.ValueDecoder _values = new();
    private ServerStatus _status = ServerStatus.Model.Empty;

    /// <exception cref="OvsdbException">The server is not fit.</exception>
    public async Task StartAsync(Session session, CancellationToken cancellationToken)
    {
        var reply = await session.CallAsync("monitor_cond", Write, _ => { }, cancellationToken);

        // QUIRK(ovsdb-server before 2.9): there is no _Server database, and no clustering.
        if (!reply.Failed)
        {
            Apply(session, new Update(Monitor, found: false, Guid.Empty, reply.Result.Span));
        }
    }

    /// <summary>Takes a notification that is not the replica's.</summary>
    /// <exception cref="OvsdbException">The server is not fit any more.</exception>
    public void Receive(Session session, in Message message)
    {
        if (message.Calls("\"monitor_canceled\""u8))
        {
            throw new OvsdbException($"{session.Remote} no longer serves {database}");
        }

        if (message.Calls("\"update2\""u8) && Update.Two(message.Params.Span) is { Monitor: Monitor } update)
        {
            Apply(session, update);
        }
    }

    private void Apply(Session session, Update update)
    {
        _status = ServerStatus.Model.Update(_status, update.Tables, _values, reset: !update.Found);
        var objection = _status.Objection(database, leaderOnly) ?? (_status.Find(database) is { } served ? progress.Objection(served) : null);
        if (objection is not null)
        {
            throw new OvsdbException($"{session.Remote} {objection}");
        }
    }

    private static void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStringValue(ServerStatus.Model.Database);
        json.WriteStringValue(Monitor);
        MonitoredTables.Of(ServerStatus.Model).WriteRequests(json, MonitorConditions.None);
        json.WriteEndArray();
    }
}
