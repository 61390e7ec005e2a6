using System.Buffers.Text;
using System.Text.Json;

namespace GatewayOS.Ovsdb.Model;

/// <summary>Walks through a table-updates2 object (ovsdb-server(7) 4.1.14) without building a document.</summary>
/// <remarks>
/// <code>
/// {"Chassis": {"&lt;uuid&gt;": {"insert": {"name": "gw1", "encaps": ["set", [...]]}}, ...}, ...}
///  NextTable   NextRow                Columns
/// </code>
/// Malformed input shows as <see cref="JsonException"/>, <see cref="FormatException"/> or <see cref="InvalidOperationException"/>;
/// <see cref="OvsdbClient{TDatabase}"/> turns all of them into one that names the remote.
/// </remarks>
internal ref struct UpdateDecoder
{
    private readonly ValueDecoder _values;
    private Utf8JsonReader _json;

    public UpdateDecoder(ReadOnlySpan<byte> json, ValueDecoder values)
    {
        _json = new Utf8JsonReader(json);
        _values = values;
        Require(_json.Read() && _json.TokenType == JsonTokenType.StartObject, "the table updates are not an object");
    }

    /// <summary>The columns of the row that <see cref="NextRow"/> found.</summary>
    public readonly RowReader Columns => _values.Columns;

    /// <summary>Moves to the next table. Its rows are then read, or passed over by <see cref="SkipTable"/>.</summary>
    public bool NextTable(out string table)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            table = "";
            return false;
        }

        table = _values.Text(ref _json);
        _json.Read();
        Require(_json.TokenType == JsonTokenType.StartObject, "the updates of a table are not an object");
        return true;
    }

    public void SkipTable() => _json.Skip();

    public bool NextRow(out Guid uuid, out RowUpdate kind)
    {
        (uuid, kind) = (default, default);
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        Require(Utf8Parser.TryParse(_json.ValueSpan, out uuid, out var length) && length == _json.ValueSpan.Length, "a row has no UUID");
        _json.Read();
        Require(_json.TokenType == JsonTokenType.StartObject && _json.Read(), "a row update is not an object");
        kind = Kind(_json.ValueSpan);
        _json.Read();
        Columns.Begin(difference: kind == RowUpdate.Modify);
        if (kind == RowUpdate.Delete)
        {
            _json.Skip();
        }
        else
        {
            _values.ReadRow(ref _json);
        }

        _json.Read();
        Require(_json.TokenType == JsonTokenType.EndObject, "a row update has more than one member");
        return true;
    }

    private static RowUpdate Kind(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("modify"u8) ? RowUpdate.Modify
        : name.SequenceEqual("delete"u8) ? RowUpdate.Delete
        : name.SequenceEqual("insert"u8) || name.SequenceEqual("initial"u8) ? RowUpdate.Insert
        : throw new FormatException("a row update is none of initial, insert, modify and delete");

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }
}
