using System.Net;
using GatewayOS.Core;
using GatewayOS.P4;
using static GatewayOS.Testing.Pipeline.PipelineCases;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Testing.Pipeline;

/// <summary>ARP requests, and what is for many.</summary>
internal static class GroupCases
{
    private const uint Arp = 3, Ipv4Group = 5, Ipv6Group = 6, ArpBroadcast = 7;
    private const string Everybody = "ff:ff:ff:ff:ff:ff", Router = "02:00:00:00:00:01", Asker = "02:00:00:00:00:02";

    public static IEnumerable<PipelineCase> All() => [.. Answers(), .. Requests(), .. Multicast()];

    private static IEnumerable<PipelineCase> Answers()
    {
        var answer = Message(Asker, Router, 2, Router, "10.0.0.1", Asker, "10.0.0.2");
        foreach (var (what, to, packetClass) in new[] { ("to all", Everybody, ArpBroadcast), ("to the router", Router, Arp) })
        {
            foreach (var table in new[] { TableNames.Special4, TableNames.Policy4 })
            {
                yield return Sent(
                    $"An ARP request {what} is answered in {table}, and the answer goes to who asked",
                    [
                        Enter(packetClass), .. PlainOutput(), Stage(table, 10, PipelineActions.Answer(11, (ulong)Mac(Router)), Masked(KeyNames.Dst, Ip("10.0.0.1"), uint.MaxValue)),
                        Stage(TableNames.L2To, 11, PipelineActions.Forward(20, 0), Prefix(KeyNames.EthDst, Mac(Asker), 48)), Stage(TableNames.L2To, 11, PipelineActions.Deny),
                    ],
                    Request(to), 2, answer);
            }
        }

        PipelineEntity[] tables = [Stage(TableNames.Special4, 10, PipelineActions.Answer(11, (ulong)Mac(Router))), Stage(TableNames.Neighbor4, 11, PipelineActions.Forward(20, 0), Prefix(KeyNames.Dst, Ip("10.0.0.2"), 32))];
        yield return Sent("Behind an ARP answer the destination is who asked", [Enter(ArpBroadcast), .. PlainOutput(), .. tables], Request(Everybody), 2, answer);
        yield return Sent("An ARP answer leaves without the VLAN tag of the request", [Enter(ArpBroadcast, 5), .. PlainOutput(), .. tables], Tagged(Request(Everybody), 5), 2, answer);
        yield return new PipelineCase(
            "What is punted behind an ARP answer is still the request", [Enter(ArpBroadcast), tables[0]], new PortFrame(1, Request(Everybody)), [new PortFrame(257, Request(Everybody))], (int)PuntReason.NoEntry);
        var tunnel = new TunnelLayer();
        yield return new PipelineCase(
            "An ARP request from a tunnel is answered through it, and the outer checksum covers the answer",
            [.. EnterTunnel(10), EntryTunnel(ArpBroadcast), .. TunnelOutput(), tables[0], Stage(TableNames.L2To, 11, PipelineActions.Forward(30, 0))],
            new PortFrame(1, tunnel.Wrap(Request(Everybody))), [new PortFrame(1, Back(tunnel, answer)) { AnySourcePort = true }], null);
    }

    private static IEnumerable<PipelineCase> Requests()
    {
        PipelineEntity[] tables = [Enter(Arp), Enter(ArpBroadcast), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0))];
        yield return Sent("An ARP request is passed on as it is", tables, Request(Everybody), 2, Request(Everybody));
        yield return Sent(
            "An ARP request is told by its sender and whom it asks for",
            [
                Enter(ArpBroadcast), .. PlainOutput(), Stage(TableNames.Guard4, 10, PipelineActions.Go(11), Masked(KeyNames.EthSrc, Mac(Asker), 0xffffffffffff), Masked(KeyNames.Src, Ip("10.0.0.2"), uint.MaxValue)),
                Stage(TableNames.Route4, 11, PipelineActions.Forward(20, 0), Prefix(KeyNames.Dst, Ip("10.0.0.1"), 32)),
            ],
            Request(Everybody), 2, Request(Everybody));
        foreach (var (what, frame, reason) in new (string, byte[], PuntReason)[]
        {
            ("an ARP request to one in a VLAN without entries", Tagged(Request(Router), 5), PuntReason.NotIp),
            ("an ARP request to all in a VLAN without entries", Tagged(Request(Everybody), 5), PuntReason.GroupAddress),
            ("an ARP answer", Message(Router, Asker, 2, Asker, "10.0.0.2", Router, "10.0.0.1"), PuntReason.NotIp),
            ("an ARP request of another sender than the frame's", Message(Everybody, Asker, 1, "02:00:00:00:00:09", "10.0.0.2", "00:00:00:00:00:00", "10.0.0.1"), PuntReason.NotIp),
            ("an ARP request for another protocol", Edited(Request(Everybody), 16, 0x86), PuntReason.NotIp),
            ("an ARP request to some", Message("01:00:5e:00:00:01", Asker, 1, Asker, "10.0.0.2", "00:00:00:00:00:00", "10.0.0.1"), PuntReason.GroupAddress),
            ("an ARP request that is cut off", Request(Everybody)[..41], PuntReason.Malformed),
        })
        {
            yield return new PipelineCase($"Software gets, unchanged: {what}", [.. tables], new PortFrame(1, frame), [new PortFrame(257, frame)], (int)reason);
        }
    }

    private static IEnumerable<PipelineCase> Multicast()
    {
        var four = Tcp with { Proto = TestFrame.Udp, EthDst = MacAddress.Parse("01:00:5e:00:00:fb"), Dst = IPAddress.Parse("224.0.0.251"), Ttl = 1 };
        var six = TestFrame.V6 with { Proto = TestFrame.Udp, EthDst = MacAddress.Parse("33:33:00:00:00:fb"), Dst = IPAddress.Parse("ff02::fb"), Ttl = 1 };
        foreach (var (what, frame, packetClass) in new[] { ("IPv4", four, Ipv4Group), ("IPv6", six, Ipv6Group) })
        {
            PipelineEntity[] tables = [Enter(packetClass), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0), Prefix(KeyNames.EthDst, frame.EthDst.Value, 48))];
            yield return Forwarded($"{what} multicast is forwarded, whatever its hop count", tables, frame, 2, frame);
            yield return Punted(
                $"{what} multicast with a hop less than routers take is software's", [Enter(packetClass), .. PlainOutput(), Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0, new HeaderEdits(TtlDecrement: 1)))],
                frame.ToBytes(), PuntReason.TimeToLive);
            yield return Punted($"{what} multicast has no connections", [Enter(packetClass), Stage(TableNames.L2, 10, PipelineActions.Track(11, 70))], frame.ToBytes(), 70);
        }

        yield return Punted("IPv4 multicast to another Ethernet group is software's", [Enter(Ipv4Group)], (four with { EthDst = MacAddress.Parse("33:33:00:00:00:fb") }).ToBytes(), PuntReason.GroupAddress);
        yield return Punted("IPv6 multicast to another Ethernet group is software's", [Enter(Ipv6Group)], (six with { EthDst = MacAddress.Parse(Everybody) }).ToBytes(), PuntReason.GroupAddress);
        yield return Punted("IPv4 to an address of one in a frame for all is software's", [Enter(Ipv4Group)], (Tcp with { EthDst = MacAddress.Parse(Everybody) }).ToBytes(), PuntReason.GroupAddress);
    }

    private static PipelineCase Sent(string name, IEnumerable<PipelineEntity> entities, byte[] sent, uint port, byte[] received) =>
        new(name, [.. entities], new PortFrame(1, sent), [new PortFrame(port, received)], null);

    private static TableEntry Enter(uint packetClass, ushort? vlan = null) => Entry(
        TableNames.EntryPort, PipelineActions.Enter(10, 1, 9, 1),
        Is(KeyNames.IngressPort, 1), Is(KeyNames.VlanValid, vlan is null ? 0u : 1u), Is(KeyNames.VlanId, vlan ?? 0), Is(KeyNames.Class, packetClass));

    private static TableEntry EntryTunnel(uint packetClass) => Entry(
        TableNames.EntryTunnel, PipelineActions.Enter(10, 2, 3, 1), Is(KeyNames.TunnelType, 1), Is(KeyNames.Vni, 7), Is(KeyNames.OutKey, 5), Is(KeyNames.Class, packetClass), Prefix(KeyNames.InKey, 3, 16));

    private static byte[] Back(TunnelLayer tunnel, byte[] frame) => (tunnel with { Tos = 0x48, SourcePort = 0 }).Wrap(frame);

    private static byte[] Request(string to) => Message(to, Asker, 1, Asker, "10.0.0.2", "00:00:00:00:00:00", "10.0.0.1");

    private static byte[] Message(string to, string from, byte operation, string senderMac, string sender, string targetMac, string target) =>
    [
        .. Octets(to), .. Octets(from), 8, 6, 0, 1, 8, 0, 6, 4, 0, operation, .. Octets(senderMac), .. IPAddress.Parse(sender).GetAddressBytes(),
        .. Octets(targetMac), .. IPAddress.Parse(target).GetAddressBytes(), .. new byte[18],
    ];

    private static byte[] Octets(string mac) => TestFrame.Octets(MacAddress.Parse(mac));

    private static byte[] Tagged(byte[] frame, byte vlan) => [.. frame[..12], 0x81, 0, 0, vlan, .. frame[12..]];

    private static byte[] Edited(byte[] frame, int offset, byte value)
    {
        frame[offset] = value;
        return frame;
    }
}
