using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;

namespace GatewayOS.Ovsdb.Wire;

/// <summary>The tables and columns that both a model and a server's schema have: what a monitor can ask for (ovsdb-server(7) 4.1.12).</summary>
internal sealed class MonitoredTables
{
    private readonly ImmutableArray<MonitoredTable> _tables;

    private MonitoredTables(ImmutableArray<MonitoredTable> tables) => _tables = tables;

    public static MonitoredTables None { get; } = new([]);

    /// <param name="model">What to follow.</param>
    /// <param name="schema">The result of get_schema (RFC 7047 section 3.2).</param>
    /// <exception cref="FormatException">The schema has no tables, or none of the model's.</exception>
    public static MonitoredTables Of<TDatabase>(DatabaseModel<TDatabase> model, ReadOnlyMemory<byte> schema)
    {
        using var document = JsonDocument.Parse(schema);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("tables", out var tables)
            || tables.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a schema without tables");
        }

        var found = ImmutableArray.CreateBuilder<MonitoredTable>();
        foreach (var slot in model.Tables)
        {
            if (tables.TryGetProperty(slot.TableName, out var table) && table.TryGetProperty("columns", out var columns))
            {
                var names = columns.EnumerateObject().Select(column => column.Name).ToFrozenSet(StringComparer.Ordinal);
                found.Add(new(slot.TableName, [.. slot.Columns.Where(names.Contains)], names));
            }
        }

        return found.Count > 0 ? new(found.ToImmutable()) : throw new FormatException($"a schema of {model.Database} without any of its tables");
    }

    /// <summary>All tables and columns of a model whose schema is known beforehand.</summary>
    public static MonitoredTables Of<TDatabase>(DatabaseModel<TDatabase> model) =>
        new([.. model.Tables.Select(slot => new MonitoredTable(slot.TableName, [.. slot.Columns], FrozenSet<string>.Empty))]);

    /// <summary>Whether a replica made with the one is complete with the other: the same columns of the same tables.</summary>
    public bool Matches(MonitoredTables other) =>
        _tables.Length == other._tables.Length
        && _tables.Zip(other._tables).All(pair => pair.First.Name == pair.Second.Name && pair.First.Columns.SequenceEqual(pair.Second.Columns));

    /// <summary>Writes the monitor-cond-requests of a new monitor.</summary>
    public void WriteRequests(Utf8JsonWriter json, MonitorConditions conditions)
    {
        json.WriteStartObject();
        foreach (var table in _tables)
        {
            json.WriteStartArray(table.Name);
            json.WriteStartObject();
            json.WriteStartArray("columns");
            foreach (var column in table.Columns)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
            if (conditions.Find(table.Name) is not null)
            {
                WriteWhere(json, table, conditions);
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the monitor-cond-update-requests (4.1.13) for the tables whose conditions differ.</summary>
    public void WriteChanges(Utf8JsonWriter json, MonitorConditions from, MonitorConditions to)
    {
        json.WriteStartObject();
        foreach (var table in _tables.Where(table => from.Find(table.Name) != to.Find(table.Name)))
        {
            json.WriteStartArray(table.Name);
            json.WriteStartObject();
            WriteWhere(json, table, to);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteWhere(Utf8JsonWriter json, MonitoredTable table, MonitorConditions conditions)
    {
        var all = conditions.Find(table.Name);
        var known = (all ?? []).Where(condition => condition.Column == "_uuid" || table.SchemaColumns.Contains(condition.Column)).ToList();
        if (known.Count > 0)
        {
            Operation.WriteWhere(json, known);
            return;
        }

        // An empty list would mean every row.
        json.WriteStartArray("where");
        json.WriteBooleanValue(all is not { Count: 0 });
        json.WriteEndArray();
    }

    private sealed record MonitoredTable(string Name, ImmutableArray<string> Columns, FrozenSet<string> SchemaColumns);
}
