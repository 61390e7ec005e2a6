using System.Buffers;
using System.Text.Json;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Ovsdb.Wire;

/// <summary>Composes monitor requests (ovsdb-server(7) 4.1.12).</summary>
internal static class MonitorRequest
{
    /// <summary>The tables and columns that the model has and the server's schema too, as JSON.</summary>
    /// <param name="model">What to follow.</param>
    /// <param name="schema">The result of get_schema (RFC 7047 section 3.2).</param>
    /// <exception cref="FormatException">The schema has no tables, or none of the model's.</exception>
    public static byte[] Compose<TDatabase>(DatabaseModel<TDatabase> model, ReadOnlyMemory<byte> schema)
    {
        using var document = JsonDocument.Parse(schema);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("tables", out var tables)
            || tables.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a schema without tables");
        }

        var output = new ArrayBufferWriter<byte>();
        var count = 0;
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            foreach (var slot in model.Tables)
            {
                if (tables.TryGetProperty(slot.TableName, out var table) && table.TryGetProperty("columns", out var columns))
                {
                    count++;
                    json.WriteStartArray(slot.TableName);
                    WriteTable(json, slot.Columns.Where(column => columns.TryGetProperty(column, out _)));
                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        return count > 0 ? output.WrittenSpan.ToArray() : throw new FormatException($"a schema of {model.Database} without any of its tables");
    }

    /// <summary>All tables and columns of the model.</summary>
    public static byte[] Compose<TDatabase>(DatabaseModel<TDatabase> model)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            foreach (var slot in model.Tables)
            {
                json.WriteStartArray(slot.TableName);
                WriteTable(json, slot.Columns);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteTable(Utf8JsonWriter json, IEnumerable<string> columns)
    {
        json.WriteStartObject();
        json.WriteStartArray("columns");
        foreach (var column in columns)
        {
            json.WriteStringValue(column);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
