using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Fields that change places, and what is looked up behind that.</summary>
internal static class TurnCases
{
    public static IEnumerable<PipelineCase> All()
    {
        foreach (var ping in new[] { Tcp with { Proto = TestFrame.Icmp }, TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = 128 } })
        {
            var answer = ping with { Src = ping.Dst, Dst = ping.Src, Ttl = 254, IcmpType = (byte)(IsIpv6(ping) ? 129 : 0) };
            var router = answer with { EthSrc = ping.EthDst, EthDst = ping.EthSrc };
            yield return Forwarded($"A ping is answered and goes on, IPv{(IsIpv6(ping) ? 6 : 4)}", Pinged(ping, special: true), ping, 2, router);
            yield return Forwarded($"A second router answers a ping, IPv{(IsIpv6(ping) ? 6 : 4)}", Pinged(ping, special: false), ping, 2, router);
            yield return Forwarded(
                $"Routers passed before are not seen in the answer, IPv{(IsIpv6(ping) ? 6 : 4)}",
                [
                    .. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Go(11, new HeaderEdits(TtlDecrement: 2))),
                    Stage(IsIpv6(ping) ? TableNames.Special6 : TableNames.Special4, 11, Turn(ping, 12)), Stage(TableNames.L2To, 12, PipelineActions.Forward(20, 0)),
                ],
                ping, 2, answer with { Ttl = 255 });
            yield return Forwarded(
                $"Rules behind an answer see its type, IPv{(IsIpv6(ping) ? 6 : 4)}",
                [
                    .. EnterPort(1, 10), .. PlainOutput(), Stage(IsIpv6(ping) ? TableNames.Special6 : TableNames.Special4, 10, Turn(ping, 11)),
                    Stage(IsIpv6(ping) ? TableNames.AclTo6 : TableNames.AclTo4, 11, PipelineActions.Forward(20, 0), Masked(KeyNames.L4Src, answer.IcmpType, 0xffff)) with { Priority = 2 },
                    Stage(IsIpv6(ping) ? TableNames.AclTo6 : TableNames.AclTo4, 11, PipelineActions.Deny),
                ],
                ping, 2, answer with { Ttl = 255 });
            yield return Punted(
                $"What is punted behind an answer is still the ping, IPv{(IsIpv6(ping) ? 6 : 4)}",
                [.. EnterPort(1, 10), Stage(IsIpv6(ping) ? TableNames.Special6 : TableNames.Special4, 10, Turn(ping, 11))], ping.ToBytes(), PuntReason.NoEntry);
            yield return Forwarded(
                $"A ping of its own address has an answer with another hop count, IPv{(IsIpv6(ping) ? 6 : 4)}",
                [
                    .. EnterPort(1, 10), .. PlainOutput(), Stage(IsIpv6(ping) ? TableNames.Special6 : TableNames.Special4, 10, Turn(ping, 11)),
                    Stage(TableNames.L2To, 11, PipelineActions.Forward(20, 0)),
                ],
                ping with { Src = ping.Dst }, 2, answer with { Dst = ping.Dst, Ttl = 255 });
        }

        foreach (var frame in new[] { Tcp, TestFrame.V6 })
        {
            yield return Forwarded(
                $"Ethernet addresses change places, and later tables see it, IPv{(IsIpv6(frame) ? 6 : 4)}",
                [
                    .. EnterPort(1, 10), .. PlainOutput(), Stage(IsIpv6(frame) ? TableNames.Special6 : TableNames.Special4, 10, PipelineActions.TurnEth(11)),
                    Stage(TableNames.L2To, 11, PipelineActions.Forward(20, 0), Prefix(KeyNames.EthDst, frame.EthSrc.Value, 48)), Stage(TableNames.L2To, 11, PipelineActions.Deny),
                ],
                frame, 2, frame with { EthSrc = frame.EthDst, EthDst = frame.EthSrc });
        }

        var length = (ushort)Tcp.ToBytes().Length;
        PipelineEntity[] Discarding(ushort limit) =>
            [.. EnterPort(1, 10), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0)), Entry(TableNames.Output, PipelineActions.Discard(limit), Is(KeyNames.Out, 20))];
        yield return Dropped("A frame is dropped up to a length", Discarding(length), Tcp);
        yield return Punted("A frame above the length of a drop is software's", Discarding((ushort)(length - 1)), Tcp.ToBytes(), PuntReason.TooLarge);
    }

    private static bool IsIpv6(TestFrame frame) => frame.Proto == TestFrame.Icmp6 || frame == TestFrame.V6;

    private static ActionCall Turn(TestFrame ping, uint next) => PipelineActions.Turn(next, IsIpv6(ping) ? (byte)129 : (byte)0, 255);

    // Behind the turn the route is to the sender.
    private static IEnumerable<PipelineEntity> Pinged(TestFrame ping, bool special)
    {
        var isIpv6 = IsIpv6(ping);
        var (turning, routing) = (special, isIpv6) switch
        {
            (true, false) => (TableNames.Special4, TableNames.Route4),
            (true, true) => (TableNames.Special6, TableNames.Route6),
            (false, false) => (TableNames.Policy4, TableNames.Transit4),
            _ => (TableNames.Policy6, TableNames.Transit6),
        };
        var (width, mask) = isIpv6 ? (128, UInt128.MaxValue) : (32, (UInt128)uint.MaxValue);
        return
        [
            .. EnterPort(1, 10), .. PlainOutput(),
            Stage(turning, 10, Turn(ping, 11), Masked(KeyNames.Dst, Ip(ping.Dst.ToString()), mask)),
            Stage(routing, 11, PipelineActions.Forward(20, 0, new HeaderEdits(ping.EthDst, ping.EthSrc, 1)), Prefix(KeyNames.Dst, Ip(ping.Src.ToString()), width)),
            Stage(routing, 11, PipelineActions.Deny),
        ];
    }
}
