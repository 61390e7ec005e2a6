using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Passes;

namespace GatewayOS.Compiler.Emission;

/// <summary>The states of the last compilation, so that those that are still there need not be written anew.</summary>
internal sealed class EmissionMemory
{
    private Dictionary<(Node Node, Stage Stage), WrittenState> _last = new(ByIdentity.Instance);
    private Dictionary<(Node Node, Stage Stage), WrittenState> _now = new(ByIdentity.Instance);

    /// <summary>The number of states of the last compilation.</summary>
    public int Count => _last.Count;

    public WrittenState? Find(Node node, Stage stage) => _last.GetValueOrDefault((node, stage));

    public void Keep(Node node, Stage stage, WrittenState state) => _now[(node, stage)] = state;

    /// <summary>Ends a compilation: what it did not need is forgotten.</summary>
    public void Sweep()
    {
        (_last, _now) = (_now, _last);
        _now.Clear();
    }

    private sealed class ByIdentity : IEqualityComparer<(Node Node, Stage Stage)>
    {
        public static readonly ByIdentity Instance = new();

        public bool Equals((Node Node, Stage Stage) x, (Node Node, Stage Stage) y) => ReferenceEquals(x.Node, y.Node) && ReferenceEquals(x.Stage, y.Stage);

        public int GetHashCode([DisallowNull] (Node Node, Stage Stage) obj) =>
            (RuntimeHelpers.GetHashCode(obj.Node) * 31) + obj.Stage.Order;
    }
}
