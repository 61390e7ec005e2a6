using System.Globalization;
using System.Text;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>Counts verdicts by kind of packet, and reasons of punts.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int[]> _verdicts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _reasons = [];

    public int Total => _verdicts.Values.Sum(counts => counts.Sum());

    public int this[Verdict verdict] => _verdicts.Values.Sum(counts => counts[(int)verdict]);

    public int Of(string kind, Verdict verdict) => _verdicts.TryGetValue(kind, out var counts) ? counts[(int)verdict] : 0;

    public void Add(string kind, Prediction prediction)
    {
        if (!_verdicts.TryGetValue(kind, out var counts))
        {
            _verdicts.Add(kind, counts = new int[3]);
        }

        counts[(int)prediction.Verdict]++;
        if (prediction.Verdict == Verdict.Punt)
        {
            _reasons[prediction.Reason] = _reasons.GetValueOrDefault(prediction.Reason) + 1;
        }
    }

    public void Add(Tally other)
    {
        foreach (var (kind, counts) in other._verdicts)
        {
            var mine = _verdicts.TryGetValue(kind, out var known) ? known : _verdicts[kind] = new int[3];
            for (var i = 0; i < 3; i++)
            {
                mine[i] += counts[i];
            }
        }

        foreach (var (reason, count) in other._reasons)
        {
            _reasons[reason] = _reasons.GetValueOrDefault(reason) + count;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{"kind",-42}{"forward",9}{"drop",9}{"punt",9}\n");
        foreach (var (kind, counts) in _verdicts)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{kind,-42}{counts[0],9}{counts[1],9}{counts[2],9}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{"all",-42}{this[Verdict.Forward],9}{this[Verdict.Drop],9}{this[Verdict.Punt],9}");
        text.AppendLine("\npunts by reason");
        foreach (var (reason, count) in _reasons.OrderByDescending(pair => pair.Value))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,9}  {reason}");
        }

        return text.ToString();
    }
}
