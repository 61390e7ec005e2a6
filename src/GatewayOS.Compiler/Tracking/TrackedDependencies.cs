using GatewayOS.Compiler.Network;

namespace GatewayOS.Compiler.Tracking;

/// <summary>The tables and the rows that evaluations depend on; connections that go the same way share one object.</summary>
public sealed class TrackedDependencies : IEquatable<TrackedDependencies>
{
    private readonly IReadOnlySet<TableKey> _tables;
    private readonly IReadOnlySet<InputKey> _inputs;
    private readonly int _hash;

    internal IEnumerable<InputKey> Inputs => _inputs;

    /// <param name="tables">Not to be changed any more.</param>
    /// <param name="inputs">Likewise.</param>
    internal TrackedDependencies(IReadOnlySet<TableKey> tables, IReadOnlySet<InputKey> inputs)
    {
        (_tables, _inputs) = (tables, inputs);
        foreach (var table in _tables)
        {
            _hash ^= table.GetHashCode();
        }

        foreach (var input in _inputs)
        {
            _hash ^= input.GetHashCode();
        }
    }

    /// <summary>The same, of sets that nobody else has.</summary>
    internal TrackedDependencies Copy() => new(_tables.ToHashSet(), _inputs.ToHashSet());

    /// <summary>Whether a change of the network concerns it.</summary>
    public bool Touches(NetworkChanges changes) => _tables.Overlaps(changes.Tables) || _inputs.Overlaps(changes.Inputs);

    public bool Equals(TrackedDependencies? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _tables.SetEquals(other._tables) && _inputs.SetEquals(other._inputs));

    public override bool Equals(object? obj) => Equals(obj as TrackedDependencies);

    public override int GetHashCode() => _hash;
}
