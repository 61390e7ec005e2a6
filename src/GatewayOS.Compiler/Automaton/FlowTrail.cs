using System.Collections;

namespace GatewayOS.Compiler.Automaton;

/// <summary>The logical flows (Logical_Flow UUIDs) that an edge stands for, in the order a packet passes them.</summary>
/// <remarks>A linked list, because evaluation finds the last flow first and adds those before it; tails are shared.</remarks>
public sealed class FlowTrail : IEquatable<FlowTrail>, IEnumerable<Guid>
{
    public static readonly FlowTrail Empty = new();

    private readonly Guid _head;
    private readonly FlowTrail? _tail;
    private readonly int _hash;

    private FlowTrail()
    {
    }

    private FlowTrail(Guid head, FlowTrail tail)
    {
        (_head, _tail) = (head, tail);
        _hash = HashCode.Combine(head, tail._hash);
    }

    public bool IsEmpty => _tail is null;

    public FlowTrail Before(Guid flow) => new(flow, this);

    /// <summary>This trail, then the other.</summary>
    public FlowTrail Then(FlowTrail later)
    {
        if (IsEmpty || later.IsEmpty)
        {
            return IsEmpty ? later : this;
        }

        var result = later;
        foreach (var flow in this.Reverse())
        {
            result = result.Before(flow);
        }

        return result;
    }

    public bool Equals(FlowTrail? other)
    {
        var (left, right) = (this, other);
        while (left is not null && right is not null)
        {
            if (ReferenceEquals(left, right))
            {
                return true;
            }

            if (left._hash != right._hash || left._head != right._head)
            {
                return false;
            }

            (left, right) = (left._tail, right._tail);
        }

        return left is null && right is null;
    }

    public override bool Equals(object? obj) => Equals(obj as FlowTrail);

    public override int GetHashCode() => _hash;

    public IEnumerator<Guid> GetEnumerator()
    {
        for (var trail = this; trail._tail is not null; trail = trail._tail)
        {
            yield return trail._head;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
