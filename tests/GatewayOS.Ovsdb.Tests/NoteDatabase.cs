using System.Collections.Immutable;
using GatewayOS.Core;
using GatewayOS.Ovsdb.Model;
using GatewayOS.Ovsdb.Transactions;

namespace GatewayOS.Ovsdb.Tests;

/// <summary>A database of the tests' own, with a column of every kind.</summary>
internal sealed record NoteDatabase
{
    /// <summary>The schema; it has a table and a column that the model lacks, and lacks one column of the model.</summary>
    public const string Schema = """
        {"name": "Notes", "version": "1.0.0", "tables": {
          "Note": {"isRoot": true, "columns": {
            "body": {"type": "string"},
            "rank": {"type": "integer"},
            "done": {"type": "boolean"},
            "parent": {"type": {"key": {"type": "uuid", "refTable": "Note", "refType": "weak"}, "min": 0, "max": 1}},
            "alias": {"type": {"key": "string", "min": 0, "max": 1}},
            "limit": {"type": {"key": "integer", "min": 0, "max": 1}},
            "tags": {"type": {"key": "string", "min": 0, "max": "unlimited"}},
            "sizes": {"type": {"key": "integer", "min": 0, "max": "unlimited"}},
            "links": {"type": {"key": {"type": "uuid", "refTable": "Note", "refType": "weak"}, "min": 0, "max": "unlimited"}},
            "extra": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
            "novelty": {"type": "real"}}},
          "Unknown": {"isRoot": true, "columns": {"x": {"type": "real"}}}}}
        """;

    public static NoteDatabase Empty { get; } = new();

    public static DatabaseModel<NoteDatabase> Model { get; } = new("Notes", Empty,
    [
        new TableSlot<NoteDatabase, Note>(d => d.Notes, (d, table) => d with { Notes = table }),
    ]);

    public Table<Note> Notes { get; init; } = Table<Note>.Empty;

    public static Operation.Insert Insert(string body, params IEnumerable<(string Column, Value Value)> columns) => new(
        "Note",
        columns.Append(("body", Value.Of(body))).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2));
}

internal sealed record Note : IRow<Note>
{
    public static string TableName => "Note";

    public Guid Uuid { get; init; }

    public string Body { get; init; } = "";

    public int Rank { get; init; }

    public bool Done { get; init; }

    public Guid? Parent { get; init; }

    public string? Alias { get; init; }

    public long? Limit { get; init; }

    public EquatableArray<string> Tags { get; init; }

    public EquatableArray<long> Sizes { get; init; }

    public EquatableArray<Guid> Links { get; init; }

    public TextMap Extra { get; init; } = TextMap.Empty;

    public string Absent { get; init; } = "";

    public static Note Read(Guid uuid, RowReader columns, Note? old) => new()
    {
        Uuid = uuid,
        Body = columns.Text("body", old?.Body),
        Rank = columns.Number("rank", old?.Rank),
        Done = columns.Boolean("done", old?.Done),
        Parent = columns.OptionalUuid("parent", old?.Parent),
        Alias = columns.OptionalText("alias", old?.Alias),
        Limit = columns.OptionalLongNumber("limit", old?.Limit),
        Tags = columns.TextSet("tags", old?.Tags),
        Sizes = columns.NumberSet("sizes", old?.Sizes),
        Links = columns.UuidSet("links", old?.Links),
        Extra = columns.Map("extra", old?.Extra),
        Absent = columns.Text("absent", old?.Absent),
    };
}
