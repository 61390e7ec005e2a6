using System.Collections;

namespace GatewayOS.Compiler.Automaton;

/// <summary>The logical flows (Logical_Flow UUIDs) that an edge stands for, in the order a packet passes them.</summary>
/// <remarks>A linked list of segments, because evaluation finds the last flow first and adds those before it; tails are shared.</remarks>
public sealed class FlowTrail : IEquatable<FlowTrail>, IEnumerable<Guid>
{
    public static readonly FlowTrail Empty = new(FlowSegment.Empty, null, 0);

    private readonly FlowSegment _head;
    private readonly FlowTrail? _tail;
    private readonly int _hash;

    private FlowTrail(FlowSegment head, FlowTrail? tail, int hash) => (_head, _tail, _hash) = (head, tail, hash);

    public bool IsEmpty => _tail is null;

    public FlowTrail Before(Guid flow) => Before(new FlowSegment(flow));

    public FlowTrail Before(FlowSegment flows) => flows.Count == 0 ? this : new(flows, this, flows.HashBefore(_hash));

    /// <summary>This trail, then the other.</summary>
    public FlowTrail Then(FlowTrail later) =>
        IsEmpty ? later
        : later.IsEmpty ? this
        : later.Before(new FlowSegment([.. this]));

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
        for (var trail = this; trail._tail is not null; trail = trail._tail)
        {
            for (var i = 0; i < trail._head.Count; i++)
            {
                yield return trail._head[i];
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
