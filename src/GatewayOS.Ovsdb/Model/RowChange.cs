namespace GatewayOS.Ovsdb.Model;

/// <summary>What became of one row between two versions of a table: inserted (no old), deleted (no new) or modified.</summary>
public readonly record struct RowChange<TRow>(TRow? Old, TRow? New)
    where TRow : class, IRow<TRow>
{
    public Guid Uuid => (New ?? Old)!.Uuid;
}
