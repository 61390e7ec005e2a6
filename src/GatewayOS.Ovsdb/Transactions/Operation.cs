using System.Collections.Immutable;
using System.Text.Json;

namespace GatewayOS.Ovsdb.Transactions;

/// <summary>One step of a transaction (RFC 7047 section 5.2).</summary>
public abstract record Operation
{
    private Operation()
    {
    }

    internal abstract void Write(Utf8JsonWriter json);

    private static void WriteValues(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, Value>> values)
    {
        json.WriteStartObject(name);
        foreach (var (column, value) in values)
        {
            json.WritePropertyName(column);
            value.Write(json);
        }

        json.WriteEndObject();
    }

    private static void WriteTriples(Utf8JsonWriter json, string name, IEnumerable<(string Column, string Function, Value Value)> triples)
    {
        json.WriteStartArray(name);
        foreach (var (column, function, value) in triples)
        {
            json.WriteStartArray();
            json.WriteStringValue(column);
            json.WriteStringValue(function);
            value.Write(json);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteHead(Utf8JsonWriter json, string operation, string table)
    {
        json.WriteString("op", operation);
        json.WriteString("table", table);
    }

    /// <summary>Writes the member <c>where</c>, which operations and monitor requests have in common.</summary>
    internal static void WriteWhere(Utf8JsonWriter json, IEnumerable<Condition> where) =>
        WriteTriples(json, "where", where.Select(c => (c.Column, c.Function, c.Value)));

    /// <summary>Adds a row; later operations may name it by <paramref name="Name"/> (<see cref="Value.OfNamedRow"/>).</summary>
    public sealed record Insert(string Table, ImmutableDictionary<string, Value> Row, string? Name = null) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            WriteHead(json, "insert", Table);
            WriteValues(json, "row", Row);
            if (Name is not null)
            {
                json.WriteString("uuid-name", Name);
            }
        }
    }

    /// <summary>Sets columns of all rows that meet the conditions.</summary>
    public sealed record Update(string Table, ImmutableArray<Condition> Where, ImmutableDictionary<string, Value> Row) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            WriteHead(json, "update", Table);
            WriteWhere(json, Where);
            WriteValues(json, "row", Row);
        }
    }

    /// <summary>Changes columns of all rows that meet the conditions, relative to what they hold.</summary>
    public sealed record Mutate(string Table, ImmutableArray<Condition> Where, ImmutableArray<Mutation> Mutations) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            WriteHead(json, "mutate", Table);
            WriteWhere(json, Where);
            WriteTriples(json, "mutations", Mutations.Select(m => (m.Column, m.Mutator, m.Value)));
        }
    }

    public sealed record Delete(string Table, ImmutableArray<Condition> Where) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            WriteHead(json, "delete", Table);
            WriteWhere(json, Where);
        }
    }

    /// <summary>Returns columns of all rows that meet the conditions.</summary>
    public sealed record Select(string Table, ImmutableArray<Condition> Where, ImmutableArray<string> Columns) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            WriteHead(json, "select", Table);
            WriteWhere(json, Where);
            WriteNames(json, Columns);
        }
    }

    /// <summary>
    /// Fails the transaction unless the rows that meet the conditions are (until <c>==</c>) or are not (until <c>!=</c>) the given ones;
    /// the server may wait for that up to the timeout.
    /// </summary>
    public sealed record Wait(
        string Table,
        ImmutableArray<Condition> Where,
        ImmutableArray<string> Columns,
        string Until,
        ImmutableArray<ImmutableDictionary<string, Value>> Rows,
        TimeSpan Timeout = default) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            WriteHead(json, "wait", Table);
            json.WriteNumber("timeout", (long)Timeout.TotalMilliseconds);
            WriteWhere(json, Where);
            WriteNames(json, Columns);
            json.WriteString("until", Until);
            json.WriteStartArray("rows");
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                foreach (var (column, value) in row)
                {
                    json.WritePropertyName(column);
                    value.Write(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    /// <summary>A remark for the server's log.</summary>
    public sealed record Comment(string Text) : Operation
    {
        internal override void Write(Utf8JsonWriter json)
        {
            json.WriteString("op", "comment");
            json.WriteString("comment", Text);
        }
    }

    private static void WriteNames(Utf8JsonWriter json, IEnumerable<string> columns)
    {
        json.WriteStartArray("columns");
        foreach (var column in columns)
        {
            json.WriteStringValue(column);
        }

        json.WriteEndArray();
    }
}
