using GatewayOS.Core;
using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Every case, for every target: the device has ports 1, 2, 3 and their exception ports 257, 258, 259.</summary>
public static class PipelineCases
{
    private const int CompilerReason = 70;

    // Initialised before the cases, which use it.
    internal static TestFrame Tcp { get; } = new();

    public static IReadOnlyList<PipelineCase> All { get; } =
    [
        .. WireCases(), .. SoftwareCases.All(), .. SwitchCases(), .. StageCases.All(), .. RouterCases(), .. TunnelCases.All(),
        .. ConnectionCases.All(), .. TurnCases.All(), .. GroupCases.All(), .. MeterCases.All(), .. VerdictCases(),
    ];

    internal static PipelineCase Forwarded(
        string name, IEnumerable<PipelineEntity> entities, TestFrame sent, uint port, TestFrame received, uint from = 1) => new(
        name, [.. entities], new PortFrame(from, sent.ToBytes()),
        [new PortFrame(port, received.ToBytes()) { AnySourcePort = received.Tunnel is { SourcePort: 0 } }], null);

    internal static PipelineCase Punted(string name, IEnumerable<PipelineEntity> entities, byte[] sent, int reason, uint from = 1) => new(
        name, [.. entities], new PortFrame(from, sent), [new PortFrame(from ^ P4.Pipeline.ExceptionPortBit, sent)], reason);

    internal static PipelineCase Punted(string name, IEnumerable<PipelineEntity> entities, byte[] sent, PuntReason reason, uint from = 1) =>
        Punted(name, entities, sent, (int)reason, from);

    internal static PipelineCase Dropped(string name, IEnumerable<PipelineEntity> entities, TestFrame sent) =>
        new(name, [.. entities], new PortFrame(1, sent.ToBytes()), [], null);

    private static IEnumerable<PipelineCase> WireCases()
    {
        byte[] arp = [.. Enumerable.Repeat((byte)0xff, 6), 2, 0, 0, 0, 0, 2, 8, 6, .. new byte[28]];
        yield return Punted("With empty tables an ARP packet goes to the exception port", [], arp, PuntReason.NotIp);
        yield return Punted("With empty tables a TCP segment goes to the exception port", [], Tcp.ToBytes(), PuntReason.NoEntryPoint);
        yield return Punted(
            "With empty tables an IPv6 segment with a VLAN tag goes to the exception port", [],
            (TestFrame.V6 with { Vlan = 0x6005 }).ToBytes(), PuntReason.NoEntryPoint, 2);
        yield return Punted(
            "With empty tables a Geneve packet goes to the exception port", [],
            (Tcp with { Tunnel = new() }).ToBytes(), PuntReason.UnknownTunnelPeer);
        foreach (var (what, frame) in new (string, byte[])[]
        {
            ("an ARP packet", arp),
            ("a segment with a wrong checksum", (Tcp with { Spoil = 1 }).ToBytes()),
            ("a Geneve packet with unknown options", (Tcp with { Tunnel = new() { OptionClass = 1 } }).ToBytes()),
            ("a frame of 14 octets", arp[..14]),
        })
        {
            yield return new PipelineCase(
                $"What OVS sends goes out unchanged whatever the tables hold: {what}",
                [.. EnterPort(257, 10), .. EnterPort(1, 10), Stage(TableNames.L2, 10, PipelineActions.Deny)],
                new PortFrame(257, frame), [new PortFrame(1, frame)], null);
        }
    }

    private static IEnumerable<PipelineCase> SwitchCases()
    {
        PipelineEntity[] tables =
        [
            .. EnterPort(1, 10), .. PlainOutput(),
            Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0), Prefix(KeyNames.EthDst, Mac("02:00:00:00:00:01"), 48)),
        ];
        foreach (var (what, frame) in new (string, TestFrame)[]
        {
            ("TCP", Tcp),
            ("UDP without checksum", Tcp with { Proto = TestFrame.Udp, L4Checksum = false }),
            ("ICMP", Tcp with { Proto = TestFrame.Icmp }),
            ("SCTP", Tcp with { Proto = TestFrame.Sctp }),
            ("GRE", Tcp with { Proto = 47 }),
            ("IPv6 TCP", TestFrame.V6),
            ("IPv6 UDP", TestFrame.V6 with { Proto = TestFrame.Udp }),
            ("an ICMPv6 echo request", TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = 128 }),
            ("a frame with Ethernet padding", Tcp with { PayloadSize = 0, Padding = 6 }),
            ("a congestion mark", Tcp with { Tos = 3 }),
        })
        {
            yield return Forwarded($"A switch forwards without a change: {what}", tables, frame, 2, frame);
        }

        PipelineEntity[] byDefault = [.. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0))];
        yield return Forwarded("A prefix of length 0 is the default of a state", byDefault, Tcp, 2, Tcp);

        PipelineEntity[] tagged = [.. EnterPort(1, 10, vlan: 5), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0))];
        yield return Forwarded("The VLAN tag of the entry is stripped", tagged, Tcp with { Vlan = 0x6005 }, 2, Tcp);
        yield return Punted("A frame of another VLAN has no entry", tagged, (Tcp with { Vlan = 6 }).ToBytes(), PuntReason.NoEntryPoint);
        yield return Punted("A frame without the VLAN tag has no entry", tagged, Tcp.ToBytes(), PuntReason.NoEntryPoint);

        PipelineEntity[] tagging =
        [
            .. EnterPort(1, 10), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0)),
            Entry(TableNames.Output, PipelineActions.Unicast(2, 1514), Is(KeyNames.Out, 20)),
            Entry(TableNames.Framing, PipelineActions.Vlan(77), Is(KeyNames.Out, 20)),
        ];
        yield return Forwarded("An output to a VLAN adds its tag", tagging, TestFrame.V6, 2, TestFrame.V6 with { Vlan = 77 });
        yield return Forwarded(
            "One VLAN tag replaces another", [.. tagging, .. EnterPort(1, 10, vlan: 5)], Tcp with { Vlan = 0xa005 }, 2, Tcp with { Vlan = 77 });
    }

    private static IEnumerable<PipelineCase> RouterCases()
    {
        var edits = new HeaderEdits(MacAddress.Parse("02:00:00:00:00:03"), MacAddress.Parse("02:00:00:00:00:04"), 1);
        PipelineEntity[] tables =
        [
            .. EnterPort(1, 10, vlan: 5), .. TunnelOutput(),
            Stage(TableNames.L2, 10, PipelineActions.Go(11), Prefix(KeyNames.EthDst, Mac("02:00:00:00:00:01"), 48)),
            Stage(TableNames.Route4, 11, PipelineActions.Go(12, new HeaderEdits(TtlDecrement: 1)), Prefix(KeyNames.Dst, Ip("10.0.1.0"), 24)),
            Stage(TableNames.Route6, 11, PipelineActions.Go(12, new HeaderEdits(TtlDecrement: 1)), Prefix(KeyNames.Dst, Ip("2001:db8:1::"), 48)),
            Stage(TableNames.Neighbor4, 12, PipelineActions.Forward(30, 0, edits), Prefix(KeyNames.Dst, Ip("10.0.1.3"), 32)),
            Stage(TableNames.Neighbor6, 12, PipelineActions.Forward(30, 0, edits), Prefix(KeyNames.Dst, Ip("2001:db8:1::3"), 128)),
        ];
        foreach (var (what, frame) in new (string, TestFrame)[]
        {
            ("TCP", Tcp),
            ("UDP without checksum", Tcp with { Proto = TestFrame.Udp, L4Checksum = false }),
            ("ICMP", Tcp with { Proto = TestFrame.Icmp }),
            ("IPv6 TCP", TestFrame.V6),
            ("IPv6 UDP of an even size", TestFrame.V6 with { Proto = TestFrame.Udp, PayloadSize = 64 }),
            ("a padded segment", Tcp with { PayloadSize = 0, Padding = 6 }),
        })
        {
            var routed = frame with
            {
                EthSrc = edits.EthSrc!.Value,
                EthDst = edits.EthDst!.Value,
                Ttl = 62,
                Tunnel = new TunnelLayer { Tos = 0x48, SourcePort = 0 },
            };
            yield return Forwarded(
                $"From a VLAN by a route and a neighbour into Geneve, two routers on the way: {what}", tables, frame with { Vlan = 5 }, 1, routed);
        }

        yield return Punted("Without a neighbour the packet is software's", tables[..^2], (Tcp with { Vlan = 5 }).ToBytes(), PuntReason.NoEntry);
        PipelineEntity[] far =
        [
            .. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0, new HeaderEdits(TtlDecrement: 8))),
        ];
        yield return Punted("More routers than hops are software's", far, (Tcp with { Ttl = 8 }).ToBytes(), PuntReason.TimeToLive);
        yield return Forwarded("As many hops as routers and one is enough", far, Tcp with { Ttl = 9 }, 2, Tcp with { Ttl = 1 });
    }

    private static IEnumerable<PipelineCase> VerdictCases()
    {
        PipelineEntity[] Tables(TableAction action) => [.. EnterPort(1, 10), .. PlainOutput(), Stage(TableNames.L2, 10, action)];
        yield return Dropped("Deny drops", Tables(PipelineActions.Deny), Tcp);
        yield return Dropped("A packet does not return to its logical port", Tables(PipelineActions.Forward(20, 1)), Tcp);
        yield return Forwarded("A packet goes to another logical port", Tables(PipelineActions.Forward(20, 2)), Tcp, 2, Tcp);
        yield return Punted("A punt counts its reason", Tables(PipelineActions.Punt(CompilerReason)), Tcp.ToBytes(), CompilerReason);
        yield return Punted("A state without entries is software's", [.. EnterPort(1, 10)], Tcp.ToBytes(), PuntReason.NoEntry);
        yield return Punted("An output without an entry is software's", Tables(PipelineActions.Forward(21, 0)), Tcp.ToBytes(), PuntReason.NoOutput);
        yield return Punted(
            "An entry point may be software's",
            [
                Entry(
                    TableNames.EntryPort, PipelineActions.Punt(CompilerReason),
                    Is(KeyNames.IngressPort, 1), Is(KeyNames.VlanValid, 0), Is(KeyNames.VlanId, 0), Is(KeyNames.Class, 1)),
            ],
            Tcp.ToBytes(), CompilerReason);

        var length = (ushort)Tcp.ToBytes().Length;
        PipelineEntity[] Sized(ushort limit) =>
            [.. EnterPort(1, 10), .. EnterPort(1, 10, 5), .. PlainOutput(maxLength: limit), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0))];
        yield return Forwarded("A frame of just the largest length passes", Sized(length), Tcp, 2, Tcp);
        yield return Forwarded("The VLAN tag does not count as length", Sized(length), Tcp with { Vlan = 5 }, 2, Tcp);
        yield return Punted("A longer frame is software's", Sized((ushort)(length - 1)), Tcp.ToBytes(), PuntReason.TooLarge);

        PipelineEntity[] flood =
        [
            new MulticastGroup(9, [new Replica(2, 20), new Replica(3, 21), new Replica(3, 22), new Replica(1, 30)]),
            .. EnterPort(1, 10), Stage(TableNames.L2, 10, PipelineActions.Forward(40, 0, new HeaderEdits(Dscp: 46))),
            Entry(TableNames.Output, PipelineActions.Group(9, 1514), Is(KeyNames.Out, 40)),
            Entry(TableNames.Framing, PipelineActions.Plain, Is(KeyNames.Out, 20)),
            Entry(TableNames.Framing, PipelineActions.Vlan(3), Is(KeyNames.Out, 21)),
            Entry(TableNames.Framing, PipelineActions.Vlan(4), Is(KeyNames.Out, 22)),
            .. TunnelOutput().Where(entry => entry.Table != TableNames.Output),
        ];
        var marked = Tcp with { Tos = 46 << 2 };
        yield return new PipelineCase(
            "A group sends a copy to every replica, each in its framing", flood, new PortFrame(1, Tcp.ToBytes()),
            [
                new PortFrame(2, marked.ToBytes()),
                new PortFrame(3, (marked with { Vlan = 3 }).ToBytes()),
                new PortFrame(3, (marked with { Vlan = 4 }).ToBytes()),
                new PortFrame(1, (marked with { Tunnel = new TunnelLayer { Tos = 0x48, SourcePort = 0 } }).ToBytes()) { AnySourcePort = true },
            ],
            null);
    }
}
