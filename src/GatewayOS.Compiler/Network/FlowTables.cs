using System.Collections.Immutable;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler.Network;

/// <summary>The logical tables of datapaths with their flows parsed. A table is prepared when first asked for, and a flow once.</summary>
public sealed class FlowTables(FlowSource source)
{
    private readonly FlowIndex _index = new();
    private readonly Dictionary<TableKey, Prepared> _prepared = [];
    private readonly Dictionary<string, HashSet<TableKey>> _usersOfSets = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, LogicalFlow> _rejected = [];
    private readonly SharedSets _sets = new(Southbound.Empty);
    private TextMap _variables = TextMap.Empty;

    /// <summary>Logical flows that OVN's own parser rejects: absent in ovn-controller too, and so here.</summary>
    public IReadOnlyCollection<LogicalFlow> Rejected => _rejected.Values;

    public int Count(Guid datapath, Pipeline pipeline) => _index.TablesOf(datapath, pipeline);

    /// <summary>The flows of a table. A flow that did not change is the same object as before.</summary>
    /// <param name="key">The table.</param>
    /// <param name="datapathKey">The tunnel key of the datapath, which is in the names of its port groups.</param>
    public PreparedTable Of(TableKey key, int datapathKey)
    {
        var known = _prepared.GetValueOrDefault(key);
        if (known is { IsStale: false })
        {
            return known.Table;
        }

        var flows = new Dictionary<LogicalFlow, PreparedFlow?>(ReferenceEqualityComparer.Instance);
        var sets = new DatapathSets(_sets, datapathKey, name => UsersOf(name).Add(key));
        foreach (var flow in _index.Of(key))
        {
            flows[flow] = known is not null && known.Flows.TryGetValue(flow, out var same) ? same : Prepare(flow, key.Pipeline, sets);
        }

        var prepared = new Prepared(flows, new PreparedTable([.. flows.Values.OfType<PreparedFlow>()]));
        _prepared[key] = prepared;
        return prepared.Table;
    }

    public void Update(Southbound before, Southbound now, TextMap variables, NetworkChanges changes)
    {
        _index.Update(before, now, changes.Tables);
        foreach (var table in changes.Tables)
        {
            if (_prepared.TryGetValue(table, out var prepared))
            {
                prepared.IsStale = true;
            }
        }

        foreach (var (old, _) in now.LogicalFlows.ChangesSince(before.LogicalFlows))
        {
            if (old is not null)
            {
                _rejected.Remove(old.Uuid);
            }
        }

        if (!ReferenceEquals(before.AddressSets, now.AddressSets) || !ReferenceEquals(before.PortGroups, now.PortGroups))
        {
            foreach (var name in _sets.Update(before, now))
            {
                Forget(_usersOfSets.GetValueOrDefault(name) ?? [], changes);
            }
        }

        if (!variables.Equals(_variables))
        {
            _variables = variables;
            Forget([.. _prepared.Where(table => table.Value.Flows.Keys.Any(HasVariables)).Select(table => table.Key)], changes);
        }
    }

    private void Forget(IEnumerable<TableKey> tables, NetworkChanges changes)
    {
        foreach (var table in tables)
        {
            changes.Tables.Add(table);
            if (_prepared.Remove(table, out var prepared))
            {
                foreach (var (flow, parsed) in prepared.Flows)
                {
                    _ = parsed is null && _rejected.Remove(flow.Uuid);
                }
            }
        }
    }

    private HashSet<TableKey> UsersOf(string set)
    {
        if (!_usersOfSets.TryGetValue(set, out var users))
        {
            _usersOfSets.Add(set, users = []);
        }

        return users;
    }

    private PreparedFlow? Prepare(LogicalFlow flow, Pipeline pipeline, DatapathSets sets)
    {
        if (WithVariables(flow) is not { } own)
        {
            return null;
        }

        var prepared = source.Prepare(own, pipeline, sets);
        if (prepared is null)
        {
            _rejected[flow.Uuid] = flow;
        }

        return prepared;
    }

    private static bool HasVariables(LogicalFlow flow) => flow.Match.Contains('^') || flow.Actions.Contains('^');

    // A flow with a template variable applies only where the chassis has that variable (ovn-sb(5), Chassis_Template_Var).
    private LogicalFlow? WithVariables(LogicalFlow flow) =>
        !HasVariables(flow) ? flow
        : TemplateText.Expand(flow.Match, _variables) is { } match && TemplateText.Expand(flow.Actions, _variables) is { } actions
            ? flow with { Match = match, Actions = actions }
            : null;

    private sealed class Prepared(Dictionary<LogicalFlow, PreparedFlow?> flows, PreparedTable table)
    {
        public Dictionary<LogicalFlow, PreparedFlow?> Flows => flows;

        public PreparedTable Table => table;

        public bool IsStale { get; set; }
    }
}
