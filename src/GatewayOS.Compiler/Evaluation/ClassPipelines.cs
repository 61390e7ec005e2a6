using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The logical pipelines as packets of one class see them.</summary>
/// <remarks>
/// Most flows are for ARP, ND, multicast or conntrack states that do not occur here, and most tables are then left with
/// <c>1 =&gt; next</c>. Finding that out once per table, not once per path, is most of the speed of evaluation.
/// </remarks>
/// <param name="network">The network.</param>
/// <param name="packetClass">The class.</param>
/// <param name="knowsConntrack">Whether no packet has been tracked yet.</param>
public sealed class ClassPipelines(LogicalNetwork network, PacketClass packetClass, bool knowsConntrack = true)
{
    private readonly MatchSimplifier _simplifier = new(packetClass, knowsConntrack);
    private readonly Dictionary<(Guid, Pipeline), ClassPipeline> _pipelines = [];

    public ClassPipeline Of(Guid datapath, Pipeline pipeline)
    {
        if (!_pipelines.TryGetValue((datapath, pipeline), out var tables))
        {
            tables = Make(datapath, pipeline, network.TableCount(datapath, pipeline));
            _pipelines.Add((datapath, pipeline), tables);
        }

        return tables;
    }

    /// <summary>Takes the new flows of tables that changed.</summary>
    /// <returns>
    /// What evaluations depend on and is otherwise now: parts of tables that have other flows for this class, and tables from which packets came to those by only passing through.
    /// </returns>
    public IReadOnlySet<TableKey> Update(IEnumerable<TableKey> changed)
    {
        var affected = new HashSet<TableKey>();
        foreach (var key in changed)
        {
            if (!_pipelines.TryGetValue((key.Datapath, key.Pipeline), out var pipeline))
            {
                continue;
            }

            var count = network.Southbound.DatapathBindings.ContainsKey(key.Datapath) ? network.TableCount(key.Datapath, key.Pipeline) : 0;
            if (count != pipeline.Count)
            {
                AddAll(affected, key, Math.Max(count, pipeline.Count));
                pipeline = Resized(pipeline, key, count);
                _pipelines[(key.Datapath, key.Pipeline)] = pipeline;
            }

            // A flow for packets of another class is none here: a NAT of IPv4 changes nothing for IPv6.
            if (pipeline.Known(key.Table) is { } known && FlowsOf(key) is var flows && !known.Flows.Has(flows))
            {
                var now = Specialize(key, flows);
                affected.UnionWith(now.Flows.ChangesSince(known.Flows).Select(part => key with { Part = part }));
                if (now.PassThrough != known.PassThrough)
                {
                    AddPassing(affected, key, pipeline);
                }

                pipeline.Set(key.Table, now);
            }
        }

        return affected;
    }

    // Who passed through the table, or came to it and would pass through now, began there or at one of those just before that are passed through.
    private static void AddPassing(HashSet<TableKey> tables, TableKey key, ClassPipeline pipeline)
    {
        var first = key.Table;
        while (first > 0 && pipeline.Known(first - 1)?.PassThrough is not null)
        {
            first--;
        }

        for (var table = first; table <= key.Table; table++)
        {
            tables.Add(key with { Table = table });
        }
    }

    // Whoever passed through to the end of the pipeline depends on where that is, and came by any table; few do, and this is rare.
    private static void AddAll(HashSet<TableKey> tables, TableKey key, int last)
    {
        for (var table = 0; table <= last; table++)
        {
            tables.Add(key with { Table = table });
        }
    }

    private ClassPipeline Make(Guid datapath, Pipeline pipeline, int count) =>
        new(count, table => Specialize(new TableKey(datapath, pipeline, table)));

    private ClassPipeline Resized(ClassPipeline before, TableKey key, int count)
    {
        var resized = Make(key.Datapath, key.Pipeline, count);
        for (var table = 0; table < count; table++)
        {
            resized.Set(table, before.Known(table));
        }

        return resized;
    }

    private ClassTable Specialize(TableKey key) => Specialize(key, FlowsOf(key));

    private static ClassTable Specialize(TableKey key, PreparedFlow[] flows)
    {
        var table = new LogicalTable(flows);
        var passes = table.All is [{ Match: Expr.Boolean { Value: true }, Actions: [ActionNode.Next next] }, ..]
            && next.Pipeline == key.Pipeline && next.Table == key.Table + 1;
        return new ClassTable(table, passes ? table.All[0].Uuid : null);
    }

    // Those that packets of this class may match, highest priority first.
    private PreparedFlow[] FlowsOf(TableKey key)
    {
        var all = network.Flows(key).Flows;
        var (own, count) = (new PreparedFlow[all.Length], 0);
        foreach (var flow in all)
        {
            if (flow.As(_simplifier) is { } simple)
            {
                own[count++] = simple;
            }
        }

        return own.AsSpan(0, count).ToArray();
    }
}
