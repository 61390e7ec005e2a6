using System.Net;
using GatewayOS.Core;
using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Connections with and without address translation, and stateless translation.</summary>
internal static class ConnectionCases
{
    private const int Reason = 80;

    private static readonly HeaderEdits s_edits =
        new(MacAddress.Parse("02:00:00:00:00:03"), MacAddress.Parse("02:00:00:00:00:04"), 1, 10);

    public static IEnumerable<PipelineCase> All()
    {
        var udp = Tcp with { Proto = TestFrame.Udp };
        foreach (var (what, frame) in new (string, TestFrame)[]
        {
            ("TCP", Tcp),
            ("UDP", udp),
            ("UDP without checksum", udp with { L4Checksum = false }),
            ("IPv6 TCP", TestFrame.V6),
            ("IPv6 UDP", TestFrame.V6 with { Proto = TestFrame.Udp }),
        })
        {
            var rewrite = Rewrite(frame);
            var translated = Translated(frame, rewrite) with { L4Src = 1024, L4Dst = 8080 };
            yield return Forwarded($"A connection takes all rewrites: {what}", Tables(frame, rewrite), frame, 2, translated);
            yield return Forwarded(
                $"A connection that only forwards: {what}", Tables(frame, default), frame, 2, Translated(frame, default));
            yield return Punted(
                $"An unknown connection is software's: {what}", Tables(frame, rewrite), (frame with { L4Src = 99 }).ToBytes(), Reason);
        }

        foreach (var frame in new[] { Tcp with { Proto = TestFrame.Icmp }, TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = 128 } })
        {
            var rewrite = Rewrite(frame);
            yield return Forwarded(
                $"An echo request takes the rewrites, its identifier as port: {frame.Proto}", Tables(frame, rewrite), frame, 2,
                Translated(frame, rewrite) with { IcmpId = 1024 });
        }

        yield return Punted(
            "The answer to an echo is not the question", Tables(Tcp with { Proto = TestFrame.Icmp, IcmpType = 8 }, default),
            (Tcp with { Proto = TestFrame.Icmp, IcmpType = 0 }).ToBytes(), Reason);
        foreach (var flags in new ushort[] { 0x01, 0x02, 0x04, 0x12, 0x11, 0x00, 0x08, 0x20 })
        {
            yield return Punted(
                $"What opens or closes a connection is software's: {flags:x2}", Tables(Tcp, Rewrite(Tcp)),
                (Tcp with { TcpFlags = flags }).ToBytes(), PuntReason.ConnectionLifecycle);
        }

        yield return Punted(
            "SCTP has no connections", Tables(Tcp with { Proto = TestFrame.Sctp }, default), (Tcp with { Proto = TestFrame.Sctp }).ToBytes(), Reason);
        var otherState = Tables(Tcp, default).Select(entity => entity is TableEntry { Table: TableNames.ConnectionEdit } entry
            ? entry with { Match = [Is(KeyNames.Index, 700), Is(KeyNames.State, 99), Is(KeyNames.EthDst, Tcp.EthDst.Value)] }
            : entity);
        yield return Punted("A connection is of no use in another state", otherState, Tcp.ToBytes(), Reason);
        yield return Punted(
            "A connection is of no use to a packet for another station", Tables(Tcp, default), (Tcp with { EthDst = MacAddress.Parse("02:00:00:00:00:99") }).ToBytes(), Reason);
        var before = new HeaderEdits(MacAddress.Parse("02:00:00:00:00:07"), MacAddress.Parse("02:00:00:00:00:08"), 1, 12);
        var routed = Tables(Tcp, default).Select(entity => entity switch
        {
            TableEntry { Table: TableNames.L2 } entry => entry with { Action = PipelineActions.Track(11, Reason, before) },
            TableEntry { Table: TableNames.ConnectionEdit } entry => entry with
            {
                Match = [Is(KeyNames.Index, 700), Is(KeyNames.State, 11), Is(KeyNames.EthDst, before.EthDst!.Value.Value)],
                Action = PipelineActions.Finish4(20, 0, new HeaderEdits(null, null, 1, null), default),
            },
            _ => entity,
        });
        yield return Forwarded(
            "What is edited before a connection decides stays", routed, Tcp, 2,
            Tcp with { EthSrc = before.EthSrc!.Value, EthDst = before.EthDst!.Value, Ttl = 62, Tos = 12 << 2 });

        foreach (var frame in new[] { Tcp, udp, udp with { L4Checksum = false }, Tcp with { Proto = TestFrame.Icmp }, Tcp with { Proto = TestFrame.Sctp } })
        {
            PipelineEntity[] tables =
            [
                .. EnterPort(1, 10), .. PlainOutput(),
                Stage(TableNames.Special4, 10, PipelineActions.GoDst4(11, (uint)Ip("10.9.9.9")), Masked(KeyNames.Dst, Ip("10.0.1.3"), uint.MaxValue)),
                Stage(TableNames.Route4, 11, PipelineActions.GoSrc4(12, (uint)Ip("10.8.8.8")), Prefix(KeyNames.Dst, Ip("10.9.9.9"), 32)),
                Stage(TableNames.L2To, 12, PipelineActions.Forward(20, 0)),
            ];
            yield return Forwarded(
                $"Stateless translation: {frame.Proto}, checksum {frame.L4Checksum}", tables, frame, 2,
                frame with { Src = IPAddress.Parse("10.8.8.8"), Dst = IPAddress.Parse("10.9.9.9") });
        }

        PipelineEntity[] behind =
        [
            .. Tables(Tcp, new ConnectionRewrite(Ip("198.51.100.8"), null, null, 8080)).Where(entity => entity is not TableEntry { Table: TableNames.L2 }),
            Stage(TableNames.Special4, 10, PipelineActions.GoDst4(12, (uint)Ip("10.9.9.9")), Masked(KeyNames.Dst, Ip("10.0.1.3"), uint.MaxValue)), Stage(TableNames.Route4, 12, PipelineActions.Track(11, Reason)),
        ];
        yield return Forwarded(
            "A connection behind a stateless translation is found by the packet that came", behind, Tcp, 2,
            Translated(Tcp, new ConnectionRewrite(Ip("198.51.100.8"), null, null, null)) with { Dst = IPAddress.Parse("10.9.9.9"), L4Dst = 8080 });
        yield return Punted("... and not by what it has become", behind, (Tcp with { Dst = IPAddress.Parse("10.9.9.9") }).ToBytes(), PuntReason.NoEntry);

        var ping = Tcp with { Proto = TestFrame.Icmp };
        yield return Forwarded(
            "The connection of an answer is found by the ping",
            [
                .. Tables(ping, default).Where(entity => entity is not TableEntry { Table: TableNames.L2 }),
                Stage(TableNames.Special4, 10, PipelineActions.Turn(12, 0, 255)), Stage(TableNames.Route4, 12, PipelineActions.Track(11, Reason)),
            ],
            ping, 2, Translated(ping with { Src = ping.Dst, Dst = ping.Src, IcmpType = 0 }, default) with { Ttl = 254 });

        foreach (var proto in new[] { TestFrame.Tcp, TestFrame.Udp, TestFrame.Icmp6 })
        {
            var frame = TestFrame.V6 with { Proto = proto, IcmpType = 129 };
            PipelineEntity[] tables =
            [
                .. EnterPort(1, 10), .. PlainOutput(),
                Stage(TableNames.Special6, 10, PipelineActions.GoDst6(11, Ip("2001:db8:f::9")), Masked(KeyNames.Proto, proto, 0xff)),
                Stage(TableNames.Policy6, 11, PipelineActions.GoSrc6(12, Ip("2001:db8:e::8")), Masked(KeyNames.Dst, Ip("2001:db8:f::"), UInt128.MaxValue << 80)),
                Stage(TableNames.AclTo6, 12, PipelineActions.Forward(20, 0)),
            ];
            yield return Forwarded(
                $"Stateless translation over IPv6: {proto}", tables, frame, 2,
                frame with { Src = IPAddress.Parse("2001:db8:e::8"), Dst = IPAddress.Parse("2001:db8:f::9") });
        }
    }

    private static bool IsV6(TestFrame frame) => frame.Dst.GetAddressBytes().Length == 16;

    private static ConnectionRewrite Rewrite(TestFrame frame) => IsV6(frame)
        ? new(Ip("2001:db8:e::8"), Ip("2001:db8:f::9"), 1024, 8080)
        : new(Ip("198.51.100.8"), Ip("10.9.9.9"), 1024, 8080);

    private static TestFrame Translated(TestFrame frame, ConnectionRewrite rewrite) => frame with
    {
        EthSrc = s_edits.EthSrc!.Value,
        EthDst = s_edits.EthDst!.Value,
        Ttl = 63,
        Tos = 10 << 2,
        Src = rewrite.Src is null ? frame.Src : IPAddress.Parse(IsV6(frame) ? "2001:db8:e::8" : "198.51.100.8"),
        Dst = rewrite.Dst is null ? frame.Dst : IPAddress.Parse(IsV6(frame) ? "2001:db8:f::9" : "10.9.9.9"),
    };

    private static PipelineEntity[] Tables(TestFrame frame, ConnectionRewrite rewrite)
    {
        var echo = frame.Proto is TestFrame.Icmp or TestFrame.Icmp6;
        return
        [
            .. EnterPort(1, 10), .. PlainOutput(),
            Stage(TableNames.L2, 10, PipelineActions.Track(11, Reason)),
            Entry(
                IsV6(frame) ? TableNames.Connection6 : TableNames.Connection4, PipelineActions.SetConnection(700),
                Is(KeyNames.InPort, 1), Is(KeyNames.Src, Ip(frame.Src.ToString())), Is(KeyNames.Dst, Ip(frame.Dst.ToString())),
                Is(KeyNames.Proto, frame.Proto), Is(KeyNames.Sport, echo ? frame.IcmpId : frame.L4Src),
                Is(KeyNames.Dport, echo ? (UInt128)(frame.IcmpType << 8) : frame.L4Dst)),
            Entry(
                TableNames.ConnectionEdit,
                IsV6(frame) ? PipelineActions.Finish6(20, 0, s_edits, rewrite) : PipelineActions.Finish4(20, 0, s_edits, rewrite),
                Is(KeyNames.Index, 700), Is(KeyNames.State, 11), Is(KeyNames.EthDst, frame.EthDst.Value)),
        ];
    }
}
