using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, highest priority first.</summary>
public sealed class LogicalTable
{
    private readonly PreparedFlow[] _flows;
    private readonly string? _indexedField;
    private readonly Dictionary<string, PreparedFlow[]> _byPort = [];
    private readonly PreparedFlow[] _others;

    public LogicalTable(IEnumerable<PreparedFlow> flows)
    {
        _flows = [.. flows.OrderByDescending(flow => flow.Priority).ThenBy(flow => flow.Uuid)];
        var (byIn, byOut) = (ByPort("inport"), ByPort("outport"));
        var chosen = byIn.Count >= byOut.Count ? byIn : byOut;
        _indexedField = chosen.Count == 0 ? null : ReferenceEquals(chosen, byIn) ? "inport" : "outport";
        var indexed = chosen.Values.SelectMany(list => list).ToHashSet();
        _others = indexed.Count == 0 ? _flows : [.. _flows.Where(flow => !indexed.Contains(flow))];
        foreach (var (port, list) in chosen)
        {
            _byPort.Add(port, Merge(list, _others));
        }
    }

    public IReadOnlyList<PreparedFlow> All => _flows;

    /// <summary>The flows that can match when the ports are these (null: not known), highest priority first.</summary>
    public PreparedFlow[] Candidates(string? inPort, string? outPort)
    {
        var port = _indexedField == "inport" ? inPort : outPort;
        return _indexedField is null || port is null ? _flows
            : _byPort.GetValueOrDefault(port, _others);
    }

    private Dictionary<string, List<PreparedFlow>> ByPort(string field)
    {
        var result = new Dictionary<string, List<PreparedFlow>>();
        foreach (var flow in _flows)
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

    private static string? PortTested(Expr match, string field) => match switch
    {
        Expr.CompareString { Relop: Relop.Equal } compare when compare.Field.Name == field => compare.Value,
        Expr.And(var operands) => operands.Select(operand => operand is Expr.CompareString ? PortTested(operand, field) : null)
            .FirstOrDefault(port => port is not null),
        _ => null,
    };

    private static PreparedFlow[] Merge(List<PreparedFlow> left, PreparedFlow[] right)
    {
        var result = new List<PreparedFlow>(left.Count + right.Length);
        int i = 0, j = 0;
        while (i < left.Count || j < right.Length)
        {
            var takeLeft = j == right.Length
                || (i < left.Count && (left[i].Priority > right[j].Priority
                    || (left[i].Priority == right[j].Priority && left[i].Uuid.CompareTo(right[j].Uuid) < 0)));
            result.Add(takeLeft ? left[i++] : right[j++]);
        }

        return [.. result];
    }
}
