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

    // What a flow is for every datapath that has it; those with port groups or address sets are prepared for each table anew, because these change.
    private readonly Dictionary<LogicalFlow, PreparedFlow?> _shared = new(ReferenceEqualityComparer.Instance);
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

        var (flows, own, asked) = (new List<PreparedFlow>(), new Dictionary<LogicalFlow, PreparedFlow?>(ReferenceEqualityComparer.Instance), false);
        var sets = new DatapathSets(_sets, datapathKey, name => asked |= UsersOf(name).Add(key) || true);
        foreach (var flow in _index.Of(key))
        {
            if (!_shared.TryGetValue(flow, out var prepared))
            {
                asked = known is not null && known.Own.TryGetValue(flow, out prepared);
                prepared = asked ? prepared : Prepare(flow, key.Pipeline, sets);
                (asked ? own : _shared).Add(flow, prepared);
            }

            if (prepared is not null)
            {
                flows.Add(prepared);
            }
        }

        // Once for all classes of packets, which see some of them in the same order.
        flows.Sort(LogicalTable.Compare);
        return (_prepared[key] = new Prepared(own, new PreparedTable([.. flows]))).Table;
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
                _shared.Remove(old);
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
            foreach (var flow in _shared.Keys.Where(HasVariables).ToList())
            {
                _rejected.Remove(flow.Uuid);
                _shared.Remove(flow);
            }

            Forget([.. _prepared.Keys.Where(table => _index.Of(table).Any(HasVariables))], changes);
        }
    }

    private void Forget(IEnumerable<TableKey> tables, NetworkChanges changes)
    {
        foreach (var table in tables)
        {
            changes.Tables.Add(table);
            if (_prepared.Remove(table, out var prepared))
            {
                foreach (var (flow, parsed) in prepared.Own)
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

    private sealed class Prepared(Dictionary<LogicalFlow, PreparedFlow?> own, PreparedTable table)
    {
        public Dictionary<LogicalFlow, PreparedFlow?> Own => own;

        public PreparedTable Table => table;

        public bool IsStale { get; set; }
    }
}
