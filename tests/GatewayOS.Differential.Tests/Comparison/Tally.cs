using System.Globalization;
using System.Text;
using GatewayOS.Differential.Tests.Packets;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>Counts verdicts by kind of packet, outputs by the way they took, and reasons of punts.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int[]> _verdicts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string In, string Out), int> _ways = [];
    private readonly SortedDictionary<string, int> _features = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _reasons = [];

    public int Total => _verdicts.Values.Sum(counts => counts.Sum());

    public int this[Verdict verdict] => _verdicts.Values.Sum(counts => counts[(int)verdict]);

    public int Of(string kind, Verdict verdict) => _verdicts.TryGetValue(kind, out var counts) ? counts[(int)verdict] : 0;

    /// <summary>Packets that were forwarded and took this of the pipeline.</summary>
    public int OfFeature(string feature) => _features.GetValueOrDefault(feature);

    /// <summary>Packets that came in by the one and left by the other (<see cref="Way"/>).</summary>
    public int Of((string In, string Out) way) => _ways.GetValueOrDefault(way);

    public void Add(TestPacket packet, Prediction prediction)
    {
        var kind = packet.Kind;
        if (!_verdicts.TryGetValue(kind, out var counts))
        {
            _verdicts.Add(kind, counts = new int[3]);
        }

        counts[(int)prediction.Verdict]++;
        foreach (var output in prediction.Outputs)
        {
            var way = (Way.Of(packet.Port, packet.Octets), Way.Of(output.Port, output.Octets));
            _ways[way] = _ways.GetValueOrDefault(way) + 1;
        }

        foreach (var feature in prediction.Verdict == Verdict.Forward ? prediction.Features : [])
        {
            _features[feature] = _features.GetValueOrDefault(feature) + 1;
        }

        if (prediction.Verdict == Verdict.Punt)
        {
            _reasons[prediction.Reason] = _reasons.GetValueOrDefault(prediction.Reason) + 1;
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
        text.AppendLine("\nforwarded by way");
        foreach (var (way, count) in _ways)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,9}  {way.In} -> {way.Out}");
        }

        foreach (var (feature, count) in _features)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,9}  {feature}");
        }

        text.AppendLine("\npunts by reason");
        foreach (var (reason, count) in _reasons.OrderByDescending(pair => pair.Value))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{count,9}  {reason}");
        }

        return text.ToString();
    }
}
