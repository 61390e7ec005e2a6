using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Every stage in its place: a packet goes through all of them, one state a stage.</summary>
internal static class StageCases
{
    private const int Reason = 90;

    public static IEnumerable<PipelineCase> All()
    {
        foreach (var frame in new[] { Tcp, TestFrame.V6 })
        {
            yield return Forwarded($"All stages in their order, IPv{Version(frame)}", Chain(frame), frame, 2, frame);
        }

        // A later stage's state never meets an earlier stage.
        PipelineEntity[] backwards =
        [
            .. EnterPort(1, 10), .. PlainOutput(),
            Stage(TableNames.Route4, 10, PipelineActions.Go(11), Prefix(KeyNames.Dst, Ip("10.0.0.0"), 8)),
            Stage(TableNames.L2, 11, PipelineActions.Forward(20, 0)),
        ];
        yield return Punted("Stages do not go backwards", backwards, Tcp.ToBytes(), PuntReason.NoEntry);

        PipelineEntity[] longest =
        [
            .. EnterPort(1, 10), .. PlainOutput(),
            Stage(TableNames.Route4, 10, PipelineActions.Deny, Prefix(KeyNames.Dst, Ip("10.0.0.0"), 8)),
            Stage(TableNames.Route4, 10, PipelineActions.Forward(20, 0), Prefix(KeyNames.Dst, Ip("10.0.1.0"), 24)),
            Stage(TableNames.Route4, 10, PipelineActions.Deny),
        ];
        yield return Forwarded("The longest prefix wins", longest, Tcp, 2, Tcp);

        foreach (var (what, field, value, mask) in new (string, string, UInt128, UInt128)[]
        {
            ("source", KeyNames.Src, Ip("10.0.0.0"), 0xffffff00),
            ("destination", KeyNames.Dst, Ip("10.0.1.3"), 0xffffffff),
            ("protocol", KeyNames.Proto, 6, 0xff),
            ("source port", KeyNames.L4Src, 4321, 0xffff),
            ("destination port by mask", KeyNames.L4Dst, 64, 0xffc0),
            ("DSCP", KeyNames.Dscp, 18, 0x3f),
            ("TCP flags", KeyNames.TcpFlags, 0x10, 0x12),
            ("class of the source", KeyNames.SrcClass, 4, 4),
            ("class of the destination", KeyNames.DstClass, 1ul << 63, 1ul << 63),
        })
        {
            PipelineEntity[] rules =
            [
                .. EnterPort(1, 10), .. PlainOutput(),
                Entry(TableNames.SrcClass4, PipelineActions.SetSrcClass(6), Is(KeyNames.Space, 1), Prefix(KeyNames.Address, Ip("10.0.0.2"), 32)),
                Entry(TableNames.SrcClass4, PipelineActions.SetSrcClass(2), Is(KeyNames.Space, 1), Prefix(KeyNames.Address, Ip("10.0.0.0"), 24)),
                Entry(TableNames.DstClass4, PipelineActions.SetDstClass(1ul << 63), Is(KeyNames.Space, 1), Prefix(KeyNames.Address, Ip("10.0.0.0"), 8)),
                Stage(TableNames.AclTo4, 10, PipelineActions.Forward(20, 0), Masked(field, value, mask)) with { Priority = 100 },
                Stage(TableNames.AclTo4, 10, PipelineActions.Punt(Reason)) with { Priority = 99 },
            ];
            var frame = Tcp with { Tos = 18 << 2 };
            yield return Forwarded($"A rule by {what}, above the rule for all", rules, frame, 2, frame);
            var other = Miss(frame, field);
            yield return Punted($"Another {what} meets the rule for all", rules, other.ToBytes(), Reason);
        }

        PipelineEntity[] guard =
        [
            .. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0)),
            Stage(TableNames.Guard4, 10, PipelineActions.Deny) with { Priority = 1 },
            Stage(
                TableNames.Guard4, 10, PipelineActions.Go(10),
                Masked(KeyNames.EthSrc, Mac("02:00:00:00:00:02"), 0xffffffffffff), Masked(KeyNames.Src, Ip("10.0.0.2"), uint.MaxValue)) with { Priority = 2 },
        ];
        yield return Forwarded("Port security lets the port's own addresses pass", guard, Tcp, 2, Tcp);
        yield return Dropped("Port security stops other addresses", guard, Tcp with { Src = System.Net.IPAddress.Parse("10.0.0.9") });
    }

    private static int Version(TestFrame frame) => frame == Tcp ? 4 : 6;

    private static TestFrame Miss(TestFrame frame, string field) => field switch
    {
        KeyNames.Src or KeyNames.SrcClass => frame with { Src = System.Net.IPAddress.Parse("10.7.0.2") },
        KeyNames.Dst or KeyNames.DstClass => frame with { Dst = System.Net.IPAddress.Parse("11.0.1.3") },
        KeyNames.Proto => frame with { Proto = TestFrame.Udp },
        KeyNames.L4Src => frame with { L4Src = 4322 },
        KeyNames.L4Dst => frame with { L4Dst = 128 },
        KeyNames.Dscp => frame with { Tos = 0 },
        _ => frame with { TcpFlags = 0x12 },
    };

    private static IEnumerable<PipelineEntity> Chain(TestFrame frame)
    {
        var six = Version(frame) == 6;
        string[] stages =
        [
            six ? TableNames.Guard6 : TableNames.Guard4, TableNames.L2, six ? TableNames.Special6 : TableNames.Special4,
            six ? TableNames.Route6 : TableNames.Route4, six ? TableNames.Policy6 : TableNames.Policy4,
            six ? TableNames.Transit6 : TableNames.Transit4, TableNames.Select, six ? TableNames.Neighbor6 : TableNames.Neighbor4,
            TableNames.L2To, six ? TableNames.AclTo6 : TableNames.AclTo4,
        ];
        uint state = 10;
        foreach (var entity in EnterPort(1, state).Concat(PlainOutput()))
        {
            yield return entity;
        }

        foreach (var stage in stages)
        {
            TableAction next = stage == stages[^1] ? PipelineActions.Forward(20, 0) : PipelineActions.Go(state + 1);
            if (stage == TableNames.Select)
            {
                next = new ActionSet([new WeightedCall((ActionCall)next, 2), new WeightedCall((ActionCall)next, 1)]);
            }

            yield return Stage(stage, state++, next);
        }
    }
}
