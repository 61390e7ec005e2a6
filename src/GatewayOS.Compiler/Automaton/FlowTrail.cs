using System.Collections;

namespace GatewayOS.Compiler.Automaton;

/// <summary>The logical flows (Logical_Flow UUIDs) that an edge stands for, in the order a packet passes them.</summary>
/// <remarks>A linked list of segments, because evaluation finds the last flow first and adds those before it; tails are shared.</remarks>
public sealed class FlowTrail : IEquatable<FlowTrail>, IEnumerable<Guid>
{
    public static readonly FlowTrail Empty = new(FlowSegment.Empty, null, isCounted: false);

    private readonly FlowSegment _head;
    private readonly FlowTrail? _tail;

    // The first counted flow from here on, with what follows it.
    private readonly FlowTrail? _counted;
    private readonly int _hash;

    private FlowTrail(FlowSegment head, FlowTrail? tail, bool isCounted)
    {
        (_head, _tail, _counted) = (head, tail, isCounted ? this : tail?._counted);
        _hash = head.HashBefore(tail?._hash ?? 0);
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
    public FlowTrail Before(Guid flow, bool isCounted = false) => Before(new FlowSegment(flow), isCounted);

    /// <param name="flows">What a packet passes before this trail.</param>
    /// <param name="isCounted">Whether it is one flow and counted.</param>
    public FlowTrail Before(FlowSegment flows, bool isCounted = false) => flows.Count == 0 ? this : new(flows, this, isCounted);

    /// <summary>Whether a packet that passes either trail passes the same counted flows.</summary>
    public bool CountsAs(FlowTrail other)
    {
        var (left, right) = (_counted, other._counted);
        while (left is not null && right is not null && !ReferenceEquals(left, right))
        {
            if (left._head[0] != right._head[0])
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
            result = new FlowTrail(node._head, result, ReferenceEquals(node._counted, node));
        }

        return result;
    }

    public bool Equals(FlowTrail? other)
    {
        if (other is null || _hash != other._hash)
        {
            return false;
        }

        var (left, i) = (this, 0);
        var (right, j) = (other, 0);
        while (true)
        {
            Advance(ref left, ref i);
            Advance(ref right, ref j);
            if ((ReferenceEquals(left, right) && i == j) || (left.IsEmpty && right.IsEmpty))
            {
                return true;
            }

            if (left.IsEmpty || right.IsEmpty || left._head[i++] != right._head[j++])
            {
                return false;
            }
        }
    }

    public override bool Equals(object? obj) => Equals(obj as FlowTrail);

    public override int GetHashCode() => _hash;

    public IEnumerator<Guid> GetEnumerator()
    {
        foreach (var node in Nodes)
        {
            for (var i = 0; i < node._head.Count; i++)
            {
                yield return node._head[i];
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Advance(ref FlowTrail trail, ref int index)
    {
        if (trail._tail is { } tail && index == trail._head.Count)
        {
            (trail, index) = (tail, 0);
        }
    }
}
