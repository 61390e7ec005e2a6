namespace GatewayOS.Ovsdb.Model;

/// <summary>Puts a row into a table, or takes it out when <paramref name="Row"/> is null.</summary>
internal readonly record struct RowEdit<TRow>(Guid Uuid, TRow? Row, int Sequence = 0)
    where TRow : class
{
    /// <summary>Orders by UUID, then by sequence.</summary>
    public static int Compare(RowEdit<TRow> left, RowEdit<TRow> right)
    {
        var order = left.Uuid.CompareTo(right.Uuid);
        return order != 0 ? order : left.Sequence.CompareTo(right.Sequence);
    }
}
