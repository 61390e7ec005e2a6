using System.Collections.Immutable;
using GatewayOS.Core;
using GatewayOS.Ovsdb.Transactions;

namespace GatewayOS.Ovsdb;

/// <summary>Which rows a client fetches (ovsdb-server(7) 4.1.12): of a table named here those that meet at least one of its conditions,
/// none if it has no condition; of all other tables every row.</summary>
/// <remarks>
/// A condition on a column that the server's schema lacks can be met by no row and is left out; but a table all of whose conditions are
/// of that kind is fetched whole, since its older schema has no way to tell the rows apart.
/// Two are equal when they name the same conditions in the same order.
/// </remarks>
public sealed class MonitorConditions : IEquatable<MonitorConditions>
{
    private readonly ImmutableSortedDictionary<string, EquatableArray<Condition>> _tables;

    private MonitorConditions(ImmutableSortedDictionary<string, EquatableArray<Condition>> tables) => _tables = tables;

    /// <summary>Every row of every table.</summary>
    public static MonitorConditions None { get; } = new(ImmutableSortedDictionary.Create<string, EquatableArray<Condition>>(StringComparer.Ordinal));

    public static MonitorConditions Of(params IEnumerable<(string Table, IEnumerable<Condition> AnyOf)> tables) => new(tables.ToImmutableSortedDictionary(
        entry => entry.Table, entry => entry.AnyOf.ToEquatableArray(), StringComparer.Ordinal));

    /// <summary>The conditions of a table; null if every row of it is fetched.</summary>
    public EquatableArray<Condition>? Find(string table) => _tables.TryGetValue(table, out var conditions) ? conditions : null;

    public bool Equals(MonitorConditions? other) =>
        ReferenceEquals(this, other) || (other is not null && _tables.Count == other._tables.Count && _tables.SequenceEqual(other._tables));

    public override bool Equals(object? obj) => Equals(obj as MonitorConditions);

    public override int GetHashCode() =>
        _tables.Aggregate(0, (hash, entry) => HashCode.Combine(hash, StringComparer.Ordinal.GetHashCode(entry.Key), entry.Value));
}
