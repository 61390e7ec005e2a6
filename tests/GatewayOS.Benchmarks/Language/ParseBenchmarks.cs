using BenchmarkDotNet.Attributes;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Benchmarks.Language;

/// <summary>From text to trees. An operation is one logical flow, so that the column Op/s says flows a second.</summary>
/// <remarks>
/// As the compiler does it: a parser for each pass over a database. The flows are taken in strides, so that those of one invocation
/// come from everywhere in it.
/// </remarks>
[MemoryDiagnoser]
[OperationsPerSecond]
[BenchmarkCategory("Language")]
public class ParseBenchmarks
{
    private const int FlowsPerInvocation = 1000;
    private const int Stride = 7919;

    private CorpusFlow[] _flows = [];
    private LogicalFlowParser _parser = new();
    private int _next;
    private int _position;

    [ParamsSource(nameof(Sources))]
    public string Source { get; set; } = "";

    public static IEnumerable<string> Sources => CorpusFlow.Sources;

    [GlobalSetup]
    public void Read() => _flows = CorpusFlow.Read(Source);

    /// <summary>Matches and actions.</summary>
    [Benchmark(OperationsPerInvoke = FlowsPerInvocation)]
    public int Parse()
    {
        var accepted = 0;
        for (var i = 0; i < FlowsPerInvocation; i++)
        {
            var flow = Next();
            accepted += _parser.ParseMatch(flow.Match).Error is null && _parser.ParseActions(flow.Actions, flow.Context).Error is null ? 1 : 0;
        }

        return accepted;
    }

    /// <summary>Matches to disjunctions of (value, mask) cubes, with prerequisites; those that name sets are refused, as none are given.</summary>
    [Benchmark(OperationsPerInvoke = FlowsPerInvocation)]
    public int ParseAndNormalizeMatches()
    {
        var cubes = 0;
        for (var i = 0; i < FlowsPerInvocation; i++)
        {
            cubes += _parser.ParseMatch(Next().Match, NamedSets.None).Match is { } match ? Normalization.Normalize(Annotation.Annotate(match))?.Count ?? 0 : 0;
        }

        return cubes;
    }

    private CorpusFlow Next()
    {
        if (_next++ == _flows.Length)
        {
            (_next, _parser) = (1, new LogicalFlowParser());
        }

        _position = (_position + Stride) % _flows.Length;
        return _flows[_position];
    }
}
