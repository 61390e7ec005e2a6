using GatewayOS.Compiler.Emission;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Coverage;

/// <summary>Compares the lookups of the pipeline with the logical tables that they stand for.</summary>
public sealed class PathCoverage
{
    public const string Port = "front port", Tunnel = "tunnel", Several = "several", Connection = "conntrack";

    private readonly ILookup<UInt128, CompiledEntry> _rows;
    private readonly Dictionary<UInt128, string> _outputs;
    private readonly Dictionary<UInt128, Dictionary<string, (int Lookups, int Tables)>> _memo = [];

    private PathCoverage(CompiledPipeline pipeline)
    {
        _rows = pipeline.Entries.Where(entry => entry.Entry.Match is [FieldMatch.Exact { Field: KeyNames.State }, ..]).ToLookup(entry => FirstKey(entry.Entry));
        var tunnels = pipeline.Entries.Where(entry => entry.Entry.Action is ActionCall { Name: ActionNames.Geneve or ActionNames.Vxlan }).Select(entry => FirstKey(entry.Entry)).ToHashSet();
        _outputs = pipeline.Entries.Where(entry => entry.Entry is { Table: TableNames.Output, Action: not ActionCall { Name: ActionNames.Discard } }).ToDictionary(
            entry => FirstKey(entry.Entry),
            entry => entry.Entry.Action is ActionCall { Name: ActionNames.Group } ? Several : tunnels.Contains(FirstKey(entry.Entry)) ? Tunnel : Port);
    }

    /// <summary>In order, those that there are.</summary>
    public static EquatableArray<StandardPath> Of(CompiledPipeline pipeline)
    {
        var coverage = new PathCoverage(pipeline);
        return
        [
            .. from entry in pipeline.Entries
               where entry.Entry.Table is TableNames.EntryPort or TableNames.EntryTunnel
               let before = entry.Flows.Count()
               from way in coverage.Behind(((ActionCall)entry.Entry.Action)[ParameterNames.State])
               group (way.Value.Lookups, Tables: before + way.Value.Tables) by (From: entry.Entry.Table == TableNames.EntryPort ? Port : Tunnel, To: way.Key) into path
               orderby path.Key.From, path.Key.To
               select new StandardPath(path.Key.From, path.Key.To, path.Max(one => one.Lookups), path.Max(one => one.Tables)),
        ];
    }

    private Dictionary<string, (int Lookups, int Tables)> Behind(UInt128 state)
    {
        if (!_memo.TryGetValue(state, out var ways))
        {
            ways = [];
            foreach (var row in _rows[state])
            {
                var own = row.Flows.Count();
                foreach (var (to, (lookups, tables)) in Calls(row.Entry.Action).SelectMany(Behind))
                {
                    var known = ways.GetValueOrDefault(to);
                    ways[to] = (Math.Max(known.Lookups, lookups + 1), Math.Max(known.Tables, tables + own));
                }
            }

            _memo.Add(state, ways);
        }

        return ways;
    }

    private Dictionary<string, (int Lookups, int Tables)> Behind(ActionCall call) => call.Name switch
    {
        ActionNames.Punt or ActionNames.Deny => [],
        ActionNames.Track or ActionNames.TrackEdit => new() { [Connection] = (0, 0) },
        ActionNames.Forward or ActionNames.ForwardEdit when !_outputs.ContainsKey(call[ParameterNames.Out]) => [],
        ActionNames.Forward or ActionNames.ForwardEdit => new() { [_outputs[call[ParameterNames.Out]]] = (0, 0) },
        _ => Behind(call[ParameterNames.Next]),
    };

    private static IEnumerable<ActionCall> Calls(TableAction action) => action switch
    {
        ActionCall call => [call],
        ActionSet set => set.Calls.Select(member => member.Call),
        _ => [],
    };

    private static UInt128 FirstKey(TableEntry entry) => ((FieldMatch.Exact)entry.Match[0]).Value;
}
