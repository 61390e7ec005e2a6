using System.Collections.Immutable;

namespace GatewayOS.Ovsdb.Model;

/// <summary>Which tables of a database a typed snapshot holds.</summary>
/// <param name="Database">The name of the database in the schema.</param>
/// <param name="Empty">A snapshot without rows.</param>
/// <param name="Tables">One slot for each table.</param>
public sealed record DatabaseModel<TDatabase>(
    string Database,
    TDatabase Empty,
    ImmutableArray<TableSlot<TDatabase>> Tables)
{
    /// <summary>Applies one transaction: a table-updates2 object (ovsdb-server(7) 4.1.14).</summary>
    /// <param name="database">The snapshot to start from.</param>
    /// <param name="updates">The object as JSON.</param>
    /// <param name="values">Decodes values; shared between updates for the texts it knows.</param>
    /// <param name="reset">Whether the update is the whole content.</param>
    internal TDatabase Update(TDatabase database, ReadOnlySpan<byte> updates, ValueDecoder values, bool reset)
    {
        var mentioned = new HashSet<string>(StringComparer.Ordinal);
        var decoder = new UpdateDecoder(updates, values);
        while (decoder.NextTable(out var name))
        {
            if (Find(name) is { } slot)
            {
                mentioned.Add(name);
                database = slot.Update(database, ref decoder, reset);
            }
            else
            {
                decoder.SkipTable();
            }
        }

        return reset
            ? Tables.Where(slot => !mentioned.Contains(slot.TableName)).Aggregate(database, (current, slot) => slot.Clear(current))
            : database;
    }

    private TableSlot<TDatabase>? Find(string name)
    {
        foreach (var slot in Tables)
        {
            if (string.Equals(slot.TableName, name, StringComparison.Ordinal))
            {
                return slot;
            }
        }

        return null;
    }
}
