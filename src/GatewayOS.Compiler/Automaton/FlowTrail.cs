using System.Collections;

namespace GatewayOS.Compiler.Automaton;

/// <summary>The logical flows (Logical_Flow UUIDs) that an edge stands for, in the order a packet passes them.</summary>
/// <remarks>A linked list, because evaluation finds the last flow first and adds those before it; tails are shared.</remarks>
public sealed class FlowTrail : IEquatable<FlowTrail>, IEnumerable<Guid>
{
    public static readonly FlowTrail Empty = new();

    private readonly Guid _head;
    private readonly FlowTrail? _tail;

    // The first counted flow from here on, with what follows it.
    private readonly FlowTrail? _counted;
    private readonly int _hash;

    private FlowTrail()
    {
    }

    private FlowTrail(Guid head, bool isCounted, FlowTrail tail)
    {
        (_head, _tail, _counted) = (head, tail, isCounted ? this : tail._counted);
        _hash = HashCode.Combine(head, tail._hash);
    }

    private IEnumerable<FlowTrail> Nodes
    {
        get
        {
            for (var trail = this; trail._tail is not null; trail = trail._tail)
            {
                yield return trail;
            }
        }
    }

    public bool IsEmpty => _tail is null;

    /// <param name="flow">What a packet passes before this trail.</param>
    /// <param name="isCounted">Whether people ask how many packets passed it: then it is not merged with flows that do the same.</param>
    public FlowTrail Before(Guid flow, bool isCounted = false) => new(flow, isCounted, this);

    /// <summary>Whether a packet that passes either trail passes the same counted flows.</summary>
    public bool CountsAs(FlowTrail other)
    {
        var (left, right) = (_counted, other._counted);
        while (left is not null && right is not null && !ReferenceEquals(left, right))
        {
            if (left._head != right._head)
            {
                return false;
            }

            (left, right) = (left._tail!._counted, right._tail!._counted);
        }

        return ReferenceEquals(left, right);
    }

    /// <summary>This trail, then the other.</summary>
    public FlowTrail Then(FlowTrail later)
    {
        if (IsEmpty || later.IsEmpty)
        {
            return IsEmpty ? later : this;
        }

        var result = later;
        foreach (var node in Nodes.Reverse())
        {
            result = new FlowTrail(node._head, ReferenceEquals(node._counted, node), result);
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

    public IEnumerator<Guid> GetEnumerator() => Nodes.Select(node => node._head).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
