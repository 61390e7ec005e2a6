using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Meters: one that lets everything pass, and one whose burst is less than a frame.</summary>
internal static class MeterCases
{
    private const ushort Wide = 5, Narrow = 8191;
    private const int Reason = 81;

    private static readonly MeterCell[] s_cells = [new(MeterNames.Meters, Wide, 10_000_000, 10_000_000), new(MeterNames.Meters, Narrow, 1, 1)];

    public static IEnumerable<PipelineCase> All()
    {
        // More than the 125 octets of a kilobit.
        var tcp = Tcp with { PayloadSize = 200 };
        foreach (var (what, first, second, passes) in new[]
        {
            ("one that has room", Wide, default(ushort), true), ("one that has none", Narrow, default, false), ("two that have room", Wide, Wide, true),
            ("the first has none", Narrow, Wide, false), ("the second has none", Wide, Narrow, false), ("only a second, which has none", default, Narrow, false),
        })
        {
            PipelineEntity[] tables = [.. s_cells, .. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0, At(first, second)))];
            var name = $"A packet is counted at its meters: {what}";
            yield return passes ? Forwarded(name, tables, tcp, 2, tcp) : Dropped(name, tables, tcp);
        }

        foreach (var (what, first, second) in new[] { ("first", At(Narrow), At(0, Wide)), ("second", At(Wide), At(0, Narrow)) })
        {
            yield return Dropped(
                $"A meter that the path passed counts behind later lookups: the {what}",
                [.. s_cells, .. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Go(11, first)), Stage(TableNames.AclTo4, 11, PipelineActions.Forward(20, 0, second))], tcp);
        }

        yield return Forwarded(
            "A meter without a configuration lets everything pass", [.. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0, At(7)))], tcp, 2, tcp);
        yield return Punted(
            "A punted packet passes no meter", [.. s_cells, .. EnterPort(1, 10), Stage(TableNames.L2, 10, PipelineActions.Go(11, At(Narrow))), Stage(TableNames.L2To, 11, PipelineActions.Punt(Reason))], tcp.ToBytes(), Reason);
        yield return Punted(
            "A packet too large for its output passes no meter",
            [.. s_cells, .. EnterPort(1, 10), .. PlainOutput(maxLength: 100), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0, At(Narrow)))], tcp.ToBytes(), PuntReason.TooLarge);
        yield return Dropped(
            "What is for many passes a meter once, before it is copied",
            [
                .. s_cells, new MulticastGroup(9, [new Replica(2, 20), new Replica(3, 20)]), .. EnterPort(1, 10), Stage(TableNames.L2, 10, PipelineActions.Forward(40, 0, At(Narrow))),
                Entry(TableNames.Output, PipelineActions.Group(9, 1514), Is(KeyNames.Out, 40)), Entry(TableNames.Framing, PipelineActions.Plain, Is(KeyNames.Out, 20)),
            ],
            tcp);
        foreach (var frame in new[] { tcp, TestFrame.V6 with { PayloadSize = 200 } })
        {
            yield return Dropped($"A connection is counted at the meter before it: {Family(frame)}", Connection(frame, At(Narrow), At(0, Wide)), frame);
            yield return Dropped($"A connection is counted at its own meter: {Family(frame)}", Connection(frame, default, At(0, Narrow)), frame);
            yield return Forwarded($"A connection may be counted at two meters: {Family(frame)}", Connection(frame, At(Wide), At(0, Wide)), frame, 2, frame);
        }

        yield return Punted("Without an entry of a connection there is no meter", Connection(tcp, At(Narrow), default)[..^1], tcp.ToBytes(), Reason);
    }

    private static string Family(TestFrame frame) => IsV6(frame) ? "IPv6" : "IPv4";

    private static bool IsV6(TestFrame frame) => frame.Dst.GetAddressBytes().Length == 16;

    private static HeaderEdits At(ushort first, ushort second = 0) => new(Meter: first, Meter2: second);

    private static PipelineEntity[] Connection(TestFrame frame, HeaderEdits before, HeaderEdits behind) =>
    [
        .. s_cells, .. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Track(11, Reason, before)),
        Entry(
            IsV6(frame) ? TableNames.Connection6 : TableNames.Connection4, PipelineActions.SetConnection(700),
            Is(KeyNames.InPort, 1), Is(KeyNames.Src, Ip(frame.Src.ToString())), Is(KeyNames.Dst, Ip(frame.Dst.ToString())),
            Is(KeyNames.Proto, frame.Proto), Is(KeyNames.Sport, frame.L4Src), Is(KeyNames.Dport, frame.L4Dst)),
        Entry(
            TableNames.ConnectionEdit, IsV6(frame) ? PipelineActions.Finish6(20, 0, behind, default) : PipelineActions.Finish4(20, 0, behind, default),
            Is(KeyNames.Index, 700), Is(KeyNames.State, 11), Is(KeyNames.EthDst, frame.EthDst.Value)),
    ];
}
