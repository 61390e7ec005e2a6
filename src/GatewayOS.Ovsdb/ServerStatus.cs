using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovsdb;

/// <summary>The <c>_Server</c> database (ovsdb-server(5)): what a server says of the databases it serves.</summary>
internal sealed record ServerStatus
{
    public static DatabaseModel<ServerStatus> Model { get; } = new("_Server", new(),
    [
        new TableSlot<ServerStatus, ServedDatabase>(d => d.Databases, (d, table) => d with { Databases = table }),
    ]);

    public Table<ServedDatabase> Databases { get; init; } = Table<ServedDatabase>.Empty;

    public ServedDatabase? Find(string database) => Databases.FirstOrDefault(row => string.Equals(row.Name, database, StringComparison.Ordinal));

    /// <summary>Why the server will not do for the database, as the end of a sentence; null if it will.</summary>
    public string? Objection(string database, bool leaderOnly)
    {
        return Find(database) switch
        {
            // QUIRK(ovsdb-server 3.1): it listens a moment before it lists its databases.
            null when Databases.Count == 0 => null,
            null => $"does not serve {database}, only {string.Join(", ", Databases.Select(row => row.Name))}",
            { Connected: false } => $"has {database} but is cut off from its cluster; see ovs-appctl cluster/status",
            { Model: not "standalone", Leader: false } when leaderOnly => $"is not the leader of {database}",
            _ => null,
        };
    }
}
