namespace GatewayOS.Compiler.Emission;

/// <summary>What would have to be written if one state took over the number of another.</summary>
/// <param name="Modified">Rows of the new one whose entry has another action.</param>
/// <param name="Inserted">Its rows that have no entry yet.</param>
/// <param name="Deleted">How many entries go.</param>
internal sealed record RowChanges(IReadOnlyList<int> Modified, IReadOnlyList<int> Inserted, int Deleted)
{
    public bool Any => Modified.Count + Inserted.Count + Deleted > 0;

    public static RowChanges Of(State before, CompiledEntry[] entries, int[] rows)
    {
        var (modified, inserted) = (new List<int>(), new List<int>());
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0)
            {
                inserted.Add(i);
            }
            else if (!ReferenceEquals(entries[i], before.Entries[rows[i]]) && !entries[i].Entry.Equals(before.Entries[rows[i]].Entry))
            {
                modified.Add(i);
            }
        }

        return new RowChanges(modified, inserted, before.Count - (rows.Length - inserted.Count));
    }

    /// <summary>Whether the verdict of every packet changes at one write: then packets see the state as it was or as it is to be, whatever the order.</summary>
    /// <remarks>Modified rows have packets of their own. So have rows that test a whole address, if those that no row has fare as before.</remarks>
    public bool AreAtomic(State now) =>
        Inserted.Count + Deleted == 0
        || Modified.Count + Inserted.Count + Deleted == 1
        || (now.IsExact && !Modified.Contains(now.Count - 1));
}
