using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>The logical flows of each logical table, followed from version to version of the database.</summary>
/// <remarks>A flow belongs to a datapath or to a group of datapaths; a group's flows are kept once, however many datapaths it has.</remarks>
public sealed class FlowIndex
{
    private readonly Dictionary<Guid, FlowsByTable> _byOwner = [];
    private readonly Dictionary<Guid, HashSet<Guid>> _groupsOf = [];

    /// <summary>The flows of a table, in no order.</summary>
    public IEnumerable<LogicalFlow> Of(TableKey key)
    {
        var own = Owned(key.Datapath, key);
        return !_groupsOf.TryGetValue(key.Datapath, out var groups) ? own : groups.SelectMany(group => Owned(group, key)).Concat(own);
    }

    /// <summary>The number of tables of a pipeline: one more than the highest that has a flow.</summary>
    public int TablesOf(Guid datapath, Pipeline pipeline)
    {
        var length = _byOwner.GetValueOrDefault(datapath)?.Length(pipeline) ?? 0;
        foreach (var group in _groupsOf.GetValueOrDefault(datapath) ?? [])
        {
            length = Math.Max(length, _byOwner.GetValueOrDefault(group)?.Length(pipeline) ?? 0);
        }

        return length;
    }

    public void Update(Southbound before, Southbound now, ISet<TableKey> changed)
    {
        foreach (var (old, current) in now.LogicalFlows.ChangesSince(before.LogicalFlows))
        {
            if (old is not null)
            {
                _byOwner[Owner(old)].Remove(old);
                Mark(before, old, changed);
            }

            if (current is not null)
            {
                FlowsOf(Owner(current)).Add(current);
                Mark(now, current, changed);
            }
        }

        foreach (var (old, current) in now.LogicalDpGroups.ChangesSince(before.LogicalDpGroups))
        {
            var (left, joined) = (old?.Datapaths ?? [], current?.Datapaths ?? []);
            var group = (old ?? current)!.Uuid;
            foreach (var datapath in left.Except(joined))
            {
                _groupsOf[datapath].Remove(group);
                MarkAll(group, datapath, changed);
            }

            foreach (var datapath in joined.Except(left))
            {
                if (!_groupsOf.TryGetValue(datapath, out var groups))
                {
                    _groupsOf.Add(datapath, groups = []);
                }

                groups.Add(group);
                MarkAll(group, datapath, changed);
            }
        }
    }

    private static Guid Owner(LogicalFlow flow) => flow.LogicalDatapath ?? flow.LogicalDpGroup ?? Guid.Empty;

    private static Pipeline PipelineOf(LogicalFlow flow) => flow.IsIngress ? Pipeline.Ingress : Pipeline.Egress;

    private static void Mark(Southbound database, LogicalFlow flow, ISet<TableKey> changed)
    {
        if (flow.LogicalDatapath is { } own)
        {
            changed.Add(new TableKey(own, PipelineOf(flow), flow.TableId));
            return;
        }

        foreach (var datapath in database.LogicalDpGroups.Find(flow.LogicalDpGroup)?.Datapaths ?? [])
        {
            changed.Add(new TableKey(datapath, PipelineOf(flow), flow.TableId));
        }
    }

    private void MarkAll(Guid group, Guid datapath, ISet<TableKey> changed)
    {
        foreach (var (pipeline, table) in _byOwner.GetValueOrDefault(group)?.Tables ?? [])
        {
            changed.Add(new TableKey(datapath, pipeline, table));
        }
    }

    private List<LogicalFlow> Owned(Guid owner, TableKey key) =>
        _byOwner.GetValueOrDefault(owner)?.Of(key.Pipeline, key.Table) ?? [];

    private FlowsByTable FlowsOf(Guid owner)
    {
        if (!_byOwner.TryGetValue(owner, out var flows))
        {
            _byOwner.Add(owner, flows = new FlowsByTable());
        }

        return flows;
    }

    private sealed class FlowsByTable
    {
        private readonly Dictionary<(Pipeline, int), List<LogicalFlow>> _tables = [];

        public IEnumerable<(Pipeline Pipeline, int Table)> Tables => _tables.Keys;

        public List<LogicalFlow>? Of(Pipeline pipeline, int table) => _tables.GetValueOrDefault((pipeline, table));

        public int Length(Pipeline pipeline)
        {
            var length = 0;
            foreach (var (owner, table) in _tables.Keys)
            {
                length = owner == pipeline ? Math.Max(length, table + 1) : length;
            }

            return length;
        }

        public void Add(LogicalFlow flow)
        {
            var key = (PipelineOf(flow), flow.TableId);
            if (!_tables.TryGetValue(key, out var flows))
            {
                _tables.Add(key, flows = []);
            }

            flows.Add(flow);
        }

        public void Remove(LogicalFlow flow)
        {
            var key = (PipelineOf(flow), flow.TableId);
            var flows = _tables[key];
            flows.Remove(flow);
            if (flows.Count == 0)
            {
                _tables.Remove(key);
            }
        }
    }
}
