using System.Buffers.Text;
using System.Text.Json;

namespace GatewayOS.Ovsdb.Model;

/// <summary>Decodes the values of a row (RFC 7047 section 5.1) into its reusable <see cref="Columns"/>.</summary>
internal sealed class ValueDecoder
{
    private readonly TextPool _pool = new();
    private readonly List<string> _texts = [];
    private readonly List<Guid> _uuids = [];
    private readonly List<long> _numbers = [];

    public RowReader Columns { get; } = new();

    /// <summary>The text of a string or property name, shared with equal texts seen before.</summary>
    public string Text(ref Utf8JsonReader json) => _pool.Get(ref json);

    /// <summary>Reads the object at which the reader stands; it ends on the closing brace.</summary>
    public void ReadRow(ref Utf8JsonReader json)
    {
        Require(json.TokenType == JsonTokenType.StartObject, "a row is not an object");
        while (Next(ref json) != JsonTokenType.EndObject)
        {
            var column = Text(ref json);
            json.Read();
            Columns.Add(column, Value(ref json));
        }
    }

    private Datum Value(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return Datum.Of(Text(ref json));
            case JsonTokenType.Number:
                return Datum.Of(json.GetInt64());
            case JsonTokenType.True:
                return Datum.Of(1);
            case JsonTokenType.False:
                return Datum.Of(0);
            case JsonTokenType.StartArray:
                return Tagged(ref json);
            default:
                throw new FormatException("a column's value is neither an atom, nor a set, nor a map");
        }
    }

    // ["uuid", TEXT], ["set", [ATOM*]] or ["map", [[KEY, VALUE]*]]
    private Datum Tagged(ref Utf8JsonReader json)
    {
        Require(Next(ref json) == JsonTokenType.String, "an array does not begin with a tag");
        if (json.ValueTextEquals("uuid"u8))
        {
            json.Read();
            var uuid = Uuid(ref json);
            End(ref json);
            return Datum.Of(uuid);
        }

        var isSet = json.ValueTextEquals("set"u8);
        Require(isSet || json.ValueTextEquals("map"u8), "a tag is none of uuid, set and map");
        Require(Next(ref json) == JsonTokenType.StartArray, "a set or map is not an array");
        var value = isSet ? Set(ref json) : Map(ref json);
        End(ref json);
        return value;
    }

    private Datum Set(ref Utf8JsonReader json)
    {
        _texts.Clear();
        _uuids.Clear();
        _numbers.Clear();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            switch (json.TokenType)
            {
                case JsonTokenType.String:
                    _texts.Add(Text(ref json));
                    break;
                case JsonTokenType.Number:
                    _numbers.Add(json.GetInt64());
                    break;
                case JsonTokenType.StartArray:
                    Require(Next(ref json) == JsonTokenType.String && json.ValueTextEquals("uuid"u8) && json.Read(), "a set holds an array that is no UUID");
                    _uuids.Add(Uuid(ref json));
                    End(ref json);
                    break;
                default:
                    throw new FormatException("a set holds something that is no string, number or UUID");
            }
        }

        return (_texts.Count, _uuids.Count, _numbers.Count) switch
        {
            (0, 0, 0) => Datum.EmptySet,
            ( > 0, 0, 0) => Datum.Of(_texts.ToArray()),
            (0, > 0, 0) => Datum.Of(_uuids.ToArray()),
            (0, 0, > 0) => Datum.Of(_numbers.ToArray()),
            _ => throw new FormatException("a set holds elements of several types"),
        };
    }

    private Datum Map(ref Utf8JsonReader json)
    {
        _texts.Clear();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            Require(json.TokenType == JsonTokenType.StartArray, "a map holds something that is no pair");
            _texts.Add(Next(ref json) == JsonTokenType.String ? Text(ref json) : throw NoStrings());
            _texts.Add(Next(ref json) == JsonTokenType.String ? Text(ref json) : throw NoStrings());
            End(ref json);
        }

        return Datum.Of(_pool.Share(TextMap.Take(_texts.ToArray())));
    }

    private static Guid Uuid(ref Utf8JsonReader json)
    {
        Require(
            json.TokenType == JsonTokenType.String
            && Utf8Parser.TryParse(json.ValueSpan, out Guid _, out var length) && length == json.ValueSpan.Length,
            "a UUID is malformed");
        return json.GetGuid();
    }

    private static JsonTokenType Next(ref Utf8JsonReader json)
    {
        Require(json.Read(), "a row ends early");
        return json.TokenType;
    }

    private static void End(ref Utf8JsonReader json) =>
        Require(Next(ref json) == JsonTokenType.EndArray, "a tagged value has more than two elements");

    private static FormatException NoStrings() => new("a map holds something else than strings");

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }
}
