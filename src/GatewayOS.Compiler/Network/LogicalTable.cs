using System.Runtime.InteropServices;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, highest priority first, indexed by what most of them ask for.</summary>
/// <remarks>
/// Two levels, because OVN's large tables are of that form: a port, then the value of one field
/// (<c>outport == "p" &amp;&amp; reg0 == 10.0.0.5</c>, <c>eth.dst == ...</c>).
/// </remarks>
public sealed class LogicalTable
{
    // Parts that are no port's: all flows, and those that ask for no port.
    private const string Whole = "*", Others = "";

    private readonly FieldIndex _all;
    private readonly string? _indexedField;
    private readonly Dictionary<string, FieldIndex> _byPort = new(StringComparer.Ordinal);
    private readonly FieldIndex _others;
    private readonly Dictionary<string, List<PreparedFlow>> _own = [];

    /// <param name="flows">Highest priority first (<see cref="Compare"/>).</param>
    public LogicalTable(PreparedFlow[] flows)
    {
        _all = new FieldIndex(flows);
        var (byIn, byOut) = (ByPort("inport"), ByPort("outport"));
        var chosen = byIn.Count >= byOut.Count ? byIn : byOut;
        _indexedField = chosen.Count == 0 ? null : ReferenceEquals(chosen, byIn) ? "inport" : "outport";
        if (_indexedField is null)
        {
            _others = _all;
            return;
        }

        _own = chosen;
        _others = new FieldIndex([.. flows.Where(flow => PortTested(flow.Match, _indexedField) is null)]);
    }

    public IReadOnlyList<PreparedFlow> All => _all.Flows;

    /// <summary>The flows that packets in this state have to do with: those of their port and those of none, or all.</summary>
    /// <remarks>What an evaluation depends on: a change of another port's flows is none to it.</remarks>
    public string PartOf(SymbolicState state)
    {
        var port = _indexedField switch
        {
            null => null,
            "inport" => state.InPort,
            _ => state.OutPort,
        };
        return port is null ? Whole : _own.ContainsKey(port) ? port : Others;
    }

    /// <summary>The flows of a part that can match in this state, highest priority first.</summary>
    public PreparedFlow[] Candidates(string part, SymbolicState state) => Of(part).Candidates(state);

    /// <summary>Whether it is of these flows.</summary>
    public bool Has(ReadOnlySpan<PreparedFlow> flows) => Same(_all.Flows, flows);

    /// <summary>The parts that are others now, by the names that they had in the version before, which had other flows.</summary>
    public IEnumerable<string> ChangesSince(LogicalTable before) =>
        _indexedField != before._indexedField || !Same(_others.Flows, before._others.Flows)
            ? [Whole, Others, .. before._own.Keys]
            : _own.Keys.Union(before._own.Keys).Where(port => !Same(OwnOf(port), before.OwnOf(port))).Select(port => before._own.ContainsKey(port) ? port : Others).Prepend(Whole);

    private ReadOnlySpan<PreparedFlow> OwnOf(string port) => CollectionsMarshal.AsSpan(_own.GetValueOrDefault(port));

    private static bool Same(ReadOnlySpan<PreparedFlow> left, ReadOnlySpan<PreparedFlow> right) => left.SequenceEqual(right, ReferenceEqualityComparer.Instance);

    // Made when a packet with that port comes by.
    private FieldIndex Of(string part)
    {
        if (part == Whole)
        {
            return _all;
        }

        if (!_byPort.TryGetValue(part, out var index) && _own.ContainsKey(part))
        {
            _byPort.Add(part, index = new FieldIndex(Merge(OwnOf(part), _others.Flows)));
        }

        return index ?? _others;
    }

    internal static int Compare(PreparedFlow left, PreparedFlow right) =>
        left.Priority != right.Priority ? right.Priority.CompareTo(left.Priority) : left.Uuid.CompareTo(right.Uuid);

    internal static PreparedFlow[] Merge(ReadOnlySpan<PreparedFlow> left, ReadOnlySpan<PreparedFlow> right)
    {
        var result = new PreparedFlow[left.Length + right.Length];
        int i = 0, j = 0;
        while (i < left.Length || j < right.Length)
        {
            var takeLeft = j == right.Length || (i < left.Length && Compare(left[i], right[j]) < 0);
            result[i + j] = takeLeft ? left[i++] : right[j++];
        }

        return result;
    }

    private Dictionary<string, List<PreparedFlow>> ByPort(string field)
    {
        var result = new Dictionary<string, List<PreparedFlow>>(StringComparer.Ordinal);
        foreach (var flow in _all.Flows)
        {
            if (PortTested(flow.Match, field) is { } port)
            {
                if (!result.TryGetValue(port, out var list))
                {
                    result.Add(port, list = []);
                }

                list.Add(flow);
            }
        }

        return result;
    }

    private static string? PortTested(Expr match, string field)
    {
        switch (match)
        {
            case Expr.CompareString { Relop: Relop.Equal } compare when compare.Field.Name == field:
                return compare.Value;
            case Expr.And(var operands):
                foreach (var operand in operands)
                {
                    if (operand is Expr.CompareString { Relop: Relop.Equal } compare && compare.Field.Name == field)
                    {
                        return compare.Value;
                    }
                }

                return null;
            default:
                return null;
        }
    }
}
