using System.Buffers;
using System.Text;
using System.Text.Json;

namespace GatewayOS.Ovsdb.Transactions;

/// <summary>A column's value in a transaction or a condition (RFC 7047 section 5.1). Values are equal when they are written alike.</summary>
public sealed record Value
{
    private readonly string _json;

    private Value(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            write(json);
        }

        _json = Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static Value Of(string text) => new(json => json.WriteStringValue(text));

    public static Value Of(long number) => new(json => json.WriteNumberValue(number));

    public static Value Of(bool flag) => new(json => json.WriteBooleanValue(flag));

    public static Value Of(Guid uuid) => Tagged("uuid", json => json.WriteStringValue(uuid));

    /// <summary>The row that an <see cref="Operation.Insert"/> of the same transaction adds under this name.</summary>
    public static Value OfNamedRow(string name) => Tagged("named-uuid", json => json.WriteStringValue(name));

    public static Value OfSet(params IEnumerable<Value> elements) => Tagged("set", json => WriteArray(json, elements));

    public static Value OfMap(IEnumerable<KeyValuePair<string, string>> entries) => Tagged("map", json =>
    {
        json.WriteStartArray();
        foreach (var (key, value) in entries)
        {
            WriteArray(json, [Of(key), Of(value)]);
        }

        json.WriteEndArray();
    });

    internal void Write(Utf8JsonWriter json) => json.WriteRawValue(_json, skipInputValidation: true);

    private static Value Tagged(string tag, Action<Utf8JsonWriter> content) => new(json =>
    {
        json.WriteStartArray();
        json.WriteStringValue(tag);
        content(json);
        json.WriteEndArray();
    });

    private static void WriteArray(Utf8JsonWriter json, IEnumerable<Value> elements)
    {
        json.WriteStartArray();
        foreach (var element in elements)
        {
            element.Write(json);
        }

        json.WriteEndArray();
    }
}
