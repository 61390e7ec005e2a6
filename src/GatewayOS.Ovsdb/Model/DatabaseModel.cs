using System.Collections.Immutable;

namespace GatewayOS.Ovsdb.Model;

/// <summary>Which tables of a database a typed snapshot holds.</summary>
/// <param name="Database">The name of the database in the schema.</param>
/// <param name="Empty">A snapshot without rows.</param>
/// <param name="Tables">One slot for each table.</param>
public sealed record DatabaseModel<TDatabase>(
    string Database,
    TDatabase Empty,
    ImmutableArray<TableSlot<TDatabase>> Tables);
