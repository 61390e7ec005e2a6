using GatewayOS.Core;

namespace GatewayOS.Ovsdb.Model;

/// <summary>The columns of one row update (ovsdb-server(7) 4.1.14), asked for by name and expected type.</summary>
/// <remarks>
/// A column the update does not carry keeps its old value, or has its type's default when the row is new or the schema is older
/// than the column. In a modification a set or map carries only the difference, which is applied to the old value here.
/// The reader is reused from row to row: values taken from it are immutable, the reader itself must not be kept.
/// </remarks>
public sealed class RowReader
{
    private readonly List<(string Column, Datum Value)> _columns = [];
    private readonly HashSet<string>? _asked;
    private bool _difference;

    internal RowReader()
    {
    }

    private RowReader(HashSet<string> asked) => _asked = asked;

    /// <summary>The columns that <typeparamref name="TRow"/> reads.</summary>
    public static IReadOnlySet<string> ColumnsOf<TRow>()
        where TRow : class, IRow<TRow>
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        TRow.Read(Guid.Empty, new RowReader(asked), null);
        return asked;
    }

    public string Text(string column, string? old) => Find(column, out var value) ? value.Text(column) : old ?? "";

    public bool Boolean(string column, bool? old) => Find(column, out var value) ? value.Number(column) != 0 : old ?? false;

    public long LongNumber(string column, long? old) => Find(column, out var value) ? value.Number(column) : old ?? 0;

    public int Number(string column, int? old) => Find(column, out var value) ? checked((int)value.Number(column)) : old ?? 0;

    public Guid Uuid(string column, Guid? old) => Find(column, out var value) ? value.Uuid(column) : old ?? Guid.Empty;

    public string? OptionalText(string column, string? old) =>
        Find(column, out var value) ? value.IsEmptySet ? null : value.Text(column) : old;

    public bool? OptionalBoolean(string column, bool? old) =>
        Find(column, out var value) ? value.IsEmptySet ? null : value.Number(column) != 0 : old;

    public long? OptionalLongNumber(string column, long? old) =>
        Find(column, out var value) ? value.IsEmptySet ? null : value.Number(column) : old;

    public int? OptionalNumber(string column, int? old) =>
        Find(column, out var value) ? value.IsEmptySet ? null : checked((int)value.Number(column)) : old;

    public Guid? OptionalUuid(string column, Guid? old) =>
        Find(column, out var value) ? value.IsEmptySet ? null : value.Uuid(column) : old;

    public EquatableArray<string> TextSet(string column, EquatableArray<string>? old) =>
        Find(column, out var value)
            ? _difference ? Toggle(old, value.Texts(column), StringComparer.Ordinal) : value.Texts(column)
            : old ?? [];

    public EquatableArray<Guid> UuidSet(string column, EquatableArray<Guid>? old) =>
        Find(column, out var value)
            ? _difference ? Toggle(old, value.Uuids(column), Comparer<Guid>.Default) : value.Uuids(column)
            : old ?? [];

    public EquatableArray<long> NumberSet(string column, EquatableArray<long>? old) =>
        Find(column, out var value)
            ? _difference ? Toggle(old, value.Numbers(column), Comparer<long>.Default) : value.Numbers(column)
            : old ?? [];

    public TextMap Map(string column, TextMap? old) =>
        Find(column, out var value)
            ? _difference ? (old ?? TextMap.Empty).Toggle(value.Map(column)) : value.Map(column)
            : old ?? TextMap.Empty;

    internal void Begin(bool difference)
    {
        _columns.Clear();
        _difference = difference;
    }

    internal void Add(string column, Datum value) => _columns.Add((column, value));

    private bool Find(string column, out Datum value)
    {
        _asked?.Add(column);
        foreach (var (name, candidate) in _columns)
        {
            if (string.Equals(name, column, StringComparison.Ordinal))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    // The difference between two sets holds the elements that only one of them has.
    private static EquatableArray<T> Toggle<T>(EquatableArray<T>? old, EquatableArray<T> difference, IComparer<T> order)
    {
        var elements = new SortedSet<T>(old ?? [], order);
        elements.SymmetricExceptWith(difference);
        return elements.ToEquatableArray();
    }
}
