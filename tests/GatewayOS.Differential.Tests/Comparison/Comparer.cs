using System.Globalization;
using System.Text;
using GatewayOS.Bmv2;
using GatewayOS.Compiler;
using GatewayOS.Differential.Tests.Packets;
using GatewayOS.Differential.Tests.Running;

namespace GatewayOS.Differential.Tests.Comparison;

/// <summary>Sends packets through the stock chassis and holds what comes out against what the fast path does with them.</summary>
internal sealed class Comparer(StockChassis chassis, SwitchProgram program)
{
    /// <summary>How often the network may change during the same packets.</summary>
    private const int Patience = 20;

    private readonly PipelineCompiler _compiler = new();
    private readonly List<string> _mismatches = [];
    private FastPath? _fastPath;

    public Tally Tally { get; } = new();

    /// <summary>The full story of each mismatch.</summary>
    public IReadOnlyList<string> Mismatches => _mismatches;

    /// <summary>Packets that were sent once more because the first outcome differed.</summary>
    public int Repeated { get; private set; }

    /// <summary>How much was compiled.</summary>
    public string Size => FastPath.Size;

    private FastPath FastPath => _fastPath ??= new FastPath(program, _compiler, chassis.Southbound, StockChassis.Name, chassis.Device);

    /// <summary>Changes the network on both sides.</summary>
    public async Task ChangeAsync(string command, CancellationToken token)
    {
        await chassis.ChangeAsync(command, token);
        await chassis.ForgetAsync(token);
        _fastPath = null;
    }

    public async Task RunAsync(IReadOnlyList<TestPacket> packets, CancellationToken token)
    {
        // Both sides must know the same network from the first packet to the last.
        var (predictions, outputs) = Exchange(packets);
        for (var again = 0; await chassis.RefreshAsync(token); again++)
        {
            Assert.True(again < Patience, "the network does not come to rest");
            _fastPath = null;
            (predictions, outputs) = Exchange(packets);
        }

        var stock = ByNumber(outputs);
        var isAnswered = outputs.Any(IsAnswer);
        foreach (var (packet, prediction) in packets.Zip(predictions))
        {
            Tally.Add(packet, prediction);
            if (prediction.Verdict != Verdict.Punt && (isAnswered || !IsRight(prediction, stock[packet.Number])))
            {
                await RepeatAsync(packet, prediction, token);
            }
        }
    }

    // What is punted is OVS's either way. It is not sent: what it teaches OVS (connections, a cache spoiled by unknown Geneve options)
    // would be in the way of the others.
    private (IReadOnlyList<Prediction> Predictions, IReadOnlyList<Output> Stock) Exchange(IReadOnlyList<TestPacket> packets)
    {
        var predictions = packets.Select(FastPath.Predict).ToList();
        return (predictions, chassis.Exchange([.. packets.Where((_, i) => predictions[i].Verdict != Verdict.Punt)]));
    }

    /// <summary>A second difference, on its own and with nothing learned, is a mismatch.</summary>
    private async Task RepeatAsync(TestPacket packet, Prediction prediction, CancellationToken token)
    {
        Repeated++;
        await chassis.ForgetAsync(token);
        var outputs = chassis.Exchange([packet]);
        if (IsRight(prediction, ByNumber(outputs)[packet.Number]) && !outputs.Any(IsAnswer))
        {
            return;
        }

        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"--- {packet.Kind}, by port {packet.Port}: {Convert.ToHexStringLower(packet.Octets)}")
            .AppendLine(CultureInfo.InvariantCulture, $"fast path: {prediction.Verdict}");
        foreach (var output in prediction.Outputs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {CanonicalOutput.Of(output)}");
        }

        text.AppendLine("stock chassis:");
        foreach (var output in outputs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {CanonicalOutput.Of(output)}");
        }

        _mismatches.Add(text.AppendLine("entries hit:").Append(FastPath.Explain(packet)).ToString());
    }

    /// <summary>Whether it is nobody's packet and yet sent because of one: an ICMP error, a TCP reset.</summary>
    private static bool IsAnswer(Output output) => Marker.Find(output.Octets) is null && !Background.Is(output.Octets);

    private static ILookup<uint, Output> ByNumber(IEnumerable<Output> outputs) => outputs
        .Select(output => (Number: Marker.Find(output.Octets), Output: output))
        .Where(pair => pair.Number is not null)
        .ToLookup(pair => pair.Number!.Value, pair => pair.Output);

    private static bool IsRight(Prediction prediction, IEnumerable<Output> stock) =>
        AreSame(prediction.Outputs, stock) || prediction.Others.Any(other => AreSame(other, stock));

    private static bool AreSame(IEnumerable<Output> left, IEnumerable<Output> right) =>
        left.Select(CanonicalOutput.Of).Order(StringComparer.Ordinal).SequenceEqual(right.Select(CanonicalOutput.Of).Order(StringComparer.Ordinal));
}
