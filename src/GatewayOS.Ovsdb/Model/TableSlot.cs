using System.Diagnostics;

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

    /// <summary>Applies the table's part of a table-updates2 object (ovsdb-server(7) 4.1.14).</summary>
    /// <param name="database">The snapshot to start from.</param>
    /// <param name="decoder">Stands at the object that maps UUIDs to row updates, and is moved to its end.</param>
    /// <param name="reset">Whether the rows are the whole content: what is not mentioned is gone. Unchanged rows stay the same objects.</param>
    internal abstract TDatabase Update(TDatabase database, ref UpdateDecoder decoder, bool reset);

    internal abstract TDatabase Clear(TDatabase database);
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

    internal override TDatabase Clear(TDatabase database) => set(database, Table<TRow>.Empty);

    internal override TDatabase Update(TDatabase database, ref UpdateDecoder decoder, bool reset)
    {
        var table = get(database);
        var edits = new List<RowEdit<TRow>>();
        while (decoder.NextRow(out var uuid, out var kind))
        {
            var old = table.Find(uuid);
            var row = kind switch
            {
                RowUpdate.Delete => null,
                RowUpdate.Modify when old is null =>
                    throw new FormatException($"table {TRow.TableName} has a modification of row {uuid}, which is not known"),
                RowUpdate.Modify => TRow.Read(uuid, decoder.Columns, old),
                RowUpdate.Insert => TRow.Read(uuid, decoder.Columns, null),
                _ => throw new UnreachableException(),
            };
            edits.Add(new(uuid, old is not null && old.Equals(row) ? old : row));
        }

        if (reset)
        {
            var present = edits.Select(edit => edit.Uuid).ToHashSet();
            edits.AddRange(table.Where(row => !present.Contains(row.Uuid)).Select(row => new RowEdit<TRow>(row.Uuid, null)));
        }

        return edits.Count == 0 ? database : set(database, table.Apply(edits));
    }
}
