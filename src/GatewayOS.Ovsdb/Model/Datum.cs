using GatewayOS.Core;

namespace GatewayOS.Ovsdb.Model;

/// <summary>A column's value as it came over the wire (RFC 7047 section 5.1): an atom, a set of atoms or a map of strings.</summary>
internal readonly struct Datum
{
    private static readonly object s_number = new();
    private static readonly object s_uuid = new();
    private static readonly object s_emptySet = new();

    // What the value is: a string, s_number, s_uuid, s_emptySet, string[], Guid[], long[] or TextMap.
    private readonly object _content;
    private readonly Guid _uuid;
    private readonly long _number;

    private Datum(object content, long number = 0, Guid uuid = default) => (_content, _number, _uuid) = (content, number, uuid);

    public static Datum EmptySet => new(s_emptySet);

    public bool IsEmptySet => ReferenceEquals(_content, s_emptySet);

    public static Datum Of(string text) => new(text);

    public static Datum Of(long number) => new(s_number, number: number);

    public static Datum Of(Guid uuid) => new(s_uuid, uuid: uuid);

    public static Datum Of(TextMap map) => new(map);

    public static Datum Of(string[] set) => new(set);

    public static Datum Of(long[] set) => new(set);

    public static Datum Of(Guid[] set) => new(set);

    public string Text(string column) => _content as string ?? throw Unexpected(column, "a string");

    public long Number(string column) => ReferenceEquals(_content, s_number) ? _number : throw Unexpected(column, "a number");

    public Guid Uuid(string column) => ReferenceEquals(_content, s_uuid) ? _uuid : throw Unexpected(column, "a UUID");

    public TextMap Map(string column) => _content as TextMap ?? throw Unexpected(column, "a map of strings");

    // A set of exactly one element is written as that element.
    public EquatableArray<string> Texts(string column) => _content switch
    {
        string text => [text],
        string[] set => EquatableArray.Create<string>(set),
        _ => IsEmptySet ? [] : throw Unexpected(column, "a set of strings"),
    };

    public EquatableArray<long> Numbers(string column) => _content switch
    {
        long[] set => EquatableArray.Create<long>(set),
        _ when ReferenceEquals(_content, s_number) => [_number],
        _ => IsEmptySet ? [] : throw Unexpected(column, "a set of numbers"),
    };

    public EquatableArray<Guid> Uuids(string column) => _content switch
    {
        Guid[] set => EquatableArray.Create<Guid>(set),
        _ when ReferenceEquals(_content, s_uuid) => [_uuid],
        _ => IsEmptySet ? [] : throw Unexpected(column, "a set of UUIDs"),
    };

    private static FormatException Unexpected(string column, string expected) => new($"column '{column}' is not {expected}");
}
