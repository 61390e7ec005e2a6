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

    public static ServedDatabase Read(Guid uuid, RowReader columns, ServedDatabase? old) => new()
    {
        Uuid = uuid,
        Name = columns.Text("name", old?.Name),
        Model = columns.Text("model", old?.Model),
        Connected = columns.Boolean("connected", old?.Connected),
        Leader = columns.Boolean("leader", old?.Leader),
    };
}
