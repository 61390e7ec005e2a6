using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>Makes read sets, each content once.</summary>
public sealed class ReadSets
{
    private readonly HashSet<ReadSet> _sets = new(new ByContent());

    public ReadSet Of(ReadLog log)
    {
        var (marks, inPorts, fields) = log.Take();
        var set = new ReadSet(marks, inPorts, fields);
        if (_sets.TryGetValue(set, out var same))
        {
            return same;
        }

        _sets.Add(set);
        return set;
    }

    private sealed class ByContent : IEqualityComparer<ReadSet>
    {
        public bool Equals(ReadSet? x, ReadSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.SameAs(y));

        public int GetHashCode([DisallowNull] ReadSet obj) => obj.ContentHash;
    }
}
