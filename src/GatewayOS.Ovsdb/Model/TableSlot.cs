namespace GatewayOS.Ovsdb.Model;

/// <summary>A table's place in a typed snapshot of a database.</summary>
public abstract class TableSlot<TDatabase>
{
    private protected TableSlot()
    {
    }

    public abstract string TableName { get; }

    /// <summary>The columns that the row type reads.</summary>
    public abstract IReadOnlySet<string> Columns { get; }
}

/// <inheritdoc/>
public sealed class TableSlot<TDatabase, TRow>(
    Func<TDatabase, Table<TRow>> get, Func<TDatabase, Table<TRow>, TDatabase> set) : TableSlot<TDatabase>
    where TRow : class, IRow<TRow>
{
    public override string TableName => TRow.TableName;

    public override IReadOnlySet<string> Columns { get; } = RowReader.ColumnsOf<TRow>();

    public Table<TRow> Get(TDatabase database) => get(database);

    public TDatabase Set(TDatabase database, Table<TRow> table) => set(database, table);
}
