namespace GatewayOS.Compiler.Automaton;

/// <summary>Logical flows (UUIDs) that a packet passes one after the other.</summary>
public sealed class FlowSegment
{
    public static readonly FlowSegment Empty = new();

    // The hash of a list is that of its head plus this times that of the rest, so it does not show how a trail is cut.
    private const int Factor = -1640531535;

    private readonly Guid[] _flows;
    private readonly int _hash;
    private readonly int _factor = 1;

    public FlowSegment(params Guid[] flows)
    {
        _flows = flows;
        foreach (var flow in flows)
        {
            _hash = unchecked(_hash + (_factor * flow.GetHashCode()));
            _factor = unchecked(_factor * Factor);
        }
    }

    public int Count => _flows.Length;

    public Guid this[int index] => _flows[index];

    /// <summary>The hash of these flows and those after them, of which it is given the hash.</summary>
    internal int HashBefore(int later) => unchecked(_hash + (_factor * later));
}
