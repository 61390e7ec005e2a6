using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>Which bits of registers and flags a later table of the same datapath still reads; forgetting the others lets states merge.</summary>
public sealed class Liveness(ClassPipelines pipelines, RootCatalog roots, StorageBits loopback)
{
    private readonly Dictionary<(Guid, Pipeline), Dictionary<int, UInt128>[]> _live = [];

    public SymbolicState Project(Position position, SymbolicState state)
    {
        var tables = Of(position.Datapath, position.Pipeline);
        var live = tables[Math.Min(position.Table, tables.Length - 1)];
        return state.Keep((root, value) => roots.Kind(root) == RootKind.Header ? value : Mask(root, value, live.GetValueOrDefault(root)));
    }

    private Bits? Mask(int root, Bits value, UInt128 live)
    {
        if (live == 0)
        {
            return null;
        }

        var result = value;
        for (var bit = 0; bit < value.Width;)
        {
            var start = bit;
            while (bit < value.Width && ((live >> bit) & 1) == 0)
            {
                bit++;
            }

            if (bit > start)
            {
                result = result.With(start, roots.Initial(root).Slice(start, bit - start));
            }

            bit = bit == start ? bit + 1 : bit;
        }

        return result.Equals(value) ? value : result;
    }

    // Element t: what table t and those after it read; one element more for the end of the pipeline.
    private Dictionary<int, UInt128>[] Of(Guid datapath, Pipeline pipeline)
    {
        if (_live.TryGetValue((datapath, pipeline), out var live))
        {
            return live;
        }

        var end = new Dictionary<int, UInt128>();
        if (pipeline == Pipeline.Ingress)
        {
            foreach (var (root, mask) in Of(datapath, Pipeline.Egress)[0])
            {
                if (roots.Kind(root) != RootKind.Register)
                {
                    end[root] = mask;
                }
            }
        }

        Add(end, loopback);
        var tables = pipelines.Of(datapath, pipeline);
        live = new Dictionary<int, UInt128>[tables.Length + 1];
        live[tables.Length] = end;
        for (var table = tables.Length - 1; table >= 0; table--)
        {
            live[table] = new Dictionary<int, UInt128>(live[table + 1]);
            foreach (var flow in tables[table].Flows.All)
            {
                foreach (var bits in FlowReads.Of(flow))
                {
                    Add(live[table], bits);
                }
            }
        }

        _live.Add((datapath, pipeline), live);
        return live;
    }

    private void Add(Dictionary<int, UInt128> live, StorageBits bits)
    {
        var root = roots.IndexOf(bits.Root);
        live[root] = live.GetValueOrDefault(root) | (Bits.Ones(bits.Width) << bits.Offset);
    }
}
