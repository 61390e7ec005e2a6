using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovsdb;

/// <summary>A row of the table <c>Database</c>.</summary>
internal sealed record ServedDatabase : IRow<ServedDatabase>
{
    public static string TableName => "Database";

    public Guid Uuid { get; init; }

    public string Name { get; init; } = "";

    /// <summary>standalone, clustered or relay.</summary>
    public string Model { get; init; } = "";

    public bool Connected { get; init; }

    public bool Leader { get; init; }

    /// <summary>The cluster's identity, if there is a cluster.</summary>
    public Guid? Cluster { get; init; }

    /// <summary>How many entries of the cluster's log the server has applied.</summary>
    public long? Index { get; init; }

    public static ServedDatabase Read(Guid uuid, RowReader columns, ServedDatabase? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Model = columns.Text("model", old?.Model),
        Connected = columns.Boolean("connected", old?.Connected),
        Leader = columns.Boolean("leader", old?.Leader),
        Cluster = columns.OptionalUuid("cid", old?.Cluster),
        Index = columns.OptionalLongNumber("index", old?.Index),
    };
}
