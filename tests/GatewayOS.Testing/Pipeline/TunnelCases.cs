using System.Net;
using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Into and out of Geneve and VXLAN.</summary>
internal static class TunnelCases
{
    public static IEnumerable<PipelineCase> All()
    {
        var tunnelled = Tcp with { Tunnel = new() };
        PipelineEntity[] In(uint type = 1, bool anyInKey = false, ushort peer = 0, ushort inKey = 0) =>
            [.. EnterTunnel(10, type, anyInKey, peer, inKey), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0))];
        foreach (var (what, frame) in new (string, TestFrame)[]
        {
            ("TCP", Tcp),
            ("UDP without checksum", Tcp with { Proto = TestFrame.Udp, L4Checksum = false }),
            ("SCTP", Tcp with { Proto = TestFrame.Sctp, PayloadSize = 30 }),
            ("IPv6 TCP", TestFrame.V6),
            ("an ICMPv6 echo reply", TestFrame.V6 with { Proto = TestFrame.Icmp6, IcmpType = 129 }),
            ("padding inside", Tcp with { PayloadSize = 0, Padding = 6 }),
        })
        {
            yield return Forwarded($"Out of Geneve: {what}", In(), frame with { Tunnel = new() }, 2, frame);
            yield return Forwarded(
                $"Out of Geneve without outer checksum: {what}", In(), frame with { Tunnel = new() { Checksum = false } }, 2, frame);
            yield return Forwarded(
                $"Out of VXLAN: {what}", In(2), frame with { Tunnel = new() { Vxlan = true, Checksum = false } }, 2, frame);
            foreach (var checksum in new[] { true, false })
            {
                PipelineEntity[] outwards =
                [
                    .. EnterPort(2, 10), .. TunnelOutput(checksum: checksum), Stage(TableNames.L2, 10, PipelineActions.Forward(30, 0)),
                ];
                yield return Forwarded(
                    $"Into Geneve, checksum {checksum}: {what}", outwards, frame, 1,
                    frame with { Tunnel = new() { Tos = 0x48, SourcePort = 0, Checksum = checksum } }, 2);
            }
        }

        PipelineEntity[] vxlan =
        [
            .. EnterPort(2, 10), .. TunnelOutput(vxlan: true, checksum: false), Stage(TableNames.L2, 10, PipelineActions.Forward(30, 0)),
        ];
        yield return Forwarded(
            "Into VXLAN", vxlan, Tcp, 1, Tcp with { Tunnel = new() { Tos = 0x48, SourcePort = 0, Checksum = false, Vxlan = true } }, 2);
        PipelineEntity[] marks = [.. EnterPort(2, 10), .. TunnelOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(30, 0))];
        foreach (var (inner, outer) in new (byte, byte)[] { (1, 1), (2, 2), (3, 2) })
        {
            yield return Forwarded(
                $"The ECN bits {inner} become {outer} outside", marks, Tcp with { Tos = inner }, 1,
                Tcp with { Tos = inner, Tunnel = new() { Tos = (byte)(0x48 | outer), SourcePort = 0 } }, 2);
        }

        PipelineEntity[] ownKey =
        [
            .. EnterPort(2, 10), .. TunnelOutput(inKey: 0), Stage(TableNames.L2, 10, PipelineActions.Forward(30, 0)),
        ];
        yield return Forwarded(
            "A framing without ingress key sends that of the packet", ownKey, Tcp, 1,
            Tcp with { Tunnel = new() { Tos = 0x48, SourcePort = 0, InKey = 9 } }, 2);
        PipelineEntity[] through = [.. EnterTunnel(10), .. TunnelOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(30, 0))];
        yield return Forwarded(
            "From tunnel to tunnel", through, tunnelled, 1, Tcp with { Tunnel = new() { Tos = 0x48, SourcePort = 0 } });
        yield return Forwarded(
            "A prefix of length 0 takes every ingress key", In(anyInKey: true), Tcp with { Tunnel = new() { InKey = 77 } }, 2, Tcp);

        var vtep = Tcp with { Tunnel = new() { Vxlan = true, Checksum = false } };
        yield return Forwarded("Out of VXLAN: who sent it stands for the ingress key", In(2, peer: 9, inKey: 9), vtep, 2, Tcp);
        yield return Punted("Out of VXLAN: sent by another", In(2, peer: 8, inKey: 9), vtep.ToBytes(), PuntReason.NoEntryPoint);
        yield return Forwarded("Out of VXLAN: a prefix of length 0 takes every sender", In(2, anyInKey: true, peer: 9), vtep, 2, Tcp);
        var tooBig = Tcp with { Proto = TestFrame.Icmp, IcmpType = 3, IcmpCode = 5, Tunnel = new() };
        yield return Forwarded("ICMP by a tunnel, type 3 but not code 4", In(), tooBig, 2, tooBig with { Tunnel = null });

        yield return Punted("A key without an entry", In(), (Tcp with { Tunnel = new() { Vni = 8 } }).ToBytes(), PuntReason.NoEntryPoint);
        yield return Punted(
            "An unknown peer", In(), (Tcp with { Tunnel = new() { Src = IPAddress.Parse("192.0.2.9") } }).ToBytes(), PuntReason.UnknownTunnelPeer);
        yield return Punted("A tunnel packet at another port", In(), tunnelled.ToBytes(), PuntReason.UnknownTunnelPeer, 2);
    }
}
