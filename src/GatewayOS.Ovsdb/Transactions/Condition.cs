namespace GatewayOS.Ovsdb.Transactions;

/// <summary>A condition on a row (RFC 7047 section 5.1).</summary>
/// <param name="Column">The column; <c>_uuid</c> for the row itself.</param>
/// <param name="Function">One of <c>== != &lt; &lt;= &gt; &gt;= includes excludes</c>.</param>
/// <param name="Value">What the column is compared with.</param>
public sealed record Condition(string Column, string Function, Value Value)
{
    /// <summary>The row with this UUID.</summary>
    public static Condition IsRow(Guid uuid) => new("_uuid", "==", Value.Of(uuid));
}
