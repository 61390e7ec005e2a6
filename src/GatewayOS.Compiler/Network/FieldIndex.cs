using System.Runtime.InteropServices;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>Flows in order of priority, found by the value of the field that most of them compare with a constant.</summary>
public sealed class FieldIndex(PreparedFlow[] flows)
{
    // Below this, asking each flow is faster.
    private const int WorthIt = 8;

    private bool _isBuilt = flows.Length < WorthIt;
    private StorageBits? _field;
    private Dictionary<UInt128, Bucket>? _byValue;
    private PreparedFlow[] _others = [];

    public PreparedFlow[] Flows => flows;

    /// <summary>The flows that can match in this state, highest priority first.</summary>
    public PreparedFlow[] Candidates(SymbolicState state)
    {
        if (!_isBuilt)
        {
            Build();
        }

        return _field is not { } field || state[field].ConstantValue is not { } value ? flows
            : _byValue!.TryGetValue(value, out var bucket) ? bucket.All ??= LogicalTable.Merge(CollectionsMarshal.AsSpan(bucket.Own), _others)
            : _others;
    }

    private void Build()
    {
        _isBuilt = true;
        var counts = new Dictionary<StorageBits, int>();
        foreach (var flow in flows)
        {
            foreach (var operand in Operands(flow.Match))
            {
                if (Test(operand) is var (field, _))
                {
                    counts[field] = counts.GetValueOrDefault(field) + 1;
                }
            }
        }

        var best = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Root.Name, StringComparer.Ordinal).FirstOrDefault();
        if (best.Value < WorthIt)
        {
            return;
        }

        _field = best.Key;
        _byValue = [];
        var others = new List<PreparedFlow>();
        foreach (var flow in flows)
        {
            if (Value(flow.Match, best.Key) is not { } value)
            {
                others.Add(flow);
                continue;
            }

            if (!_byValue.TryGetValue(value, out var bucket))
            {
                _byValue.Add(value, bucket = new Bucket([]));
            }

            bucket.Own.Add(flow);
        }

        _others = [.. others];
    }

    private static UInt128? Value(Expr match, StorageBits field)
    {
        foreach (var operand in Operands(match))
        {
            if (Test(operand) is var (tested, value) && tested == field)
            {
                return value;
            }
        }

        return null;
    }

    private static EquatableArray<Expr> Operands(Expr match) => match is Expr.And(var operands) ? operands : [match];

    // A whole field that must equal a constant for the match to be true.
    private static (StorageBits Field, UInt128 Value)? Test(Expr operand) =>
        operand is Expr.Compare { Relop: Relop.Equal, Field.Storage: { } storage } compare && compare.Mask == Bits.Ones(storage.Width) ? (storage, compare.Value) : null;

    // With the flows that do not ask for the field, once somebody has the value: few values of large tables ever come by.
    private sealed record Bucket(List<PreparedFlow> Own)
    {
        public PreparedFlow[]? All { get; set; }
    }
}
