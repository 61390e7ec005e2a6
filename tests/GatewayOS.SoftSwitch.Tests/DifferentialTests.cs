using GatewayOS.Bmv2;
using GatewayOS.P4;
using GatewayOS.SoftSwitch.Serving;
using Google.Protobuf;
using Grpc.Core;
using Wire = GatewayOS.P4Runtime.Protocol;

namespace GatewayOS.SoftSwitch.Tests;

/// <summary>The same program, the same entries and the same packets in the software switch and in bmv2: the same packets come out.</summary>
public sealed class DifferentialTests
{
    /// <summary>bmv2 reads files faster than it forwards, and its queue of a port holds 64 packets; what is more is lost.</summary>
    private const int MaxPackets = 60;

    private static readonly int[] s_ports = [1, 2, 3, 4, 5, 6, 257, 258, 259];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task Every_feature_does_what_it_does_in_bmv2(ulong seed)
    {
        var dice = new Dice(seed);
        var entries = new List<PipelineEntity> { new MulticastGroup(7, [new Replica(3, 30), new Replica(4, 40)]) };
        for (var i = 1; i <= 60; i++)
        {
            var width = (int)dice.Below(129);
            var value = width == 0 ? 0 : dice.Wide() >> (128 - width) << (128 - width);
            FieldMatch[] prefix = width == 0 ? [] : [new FieldMatch.Lpm("h.work.v", value, width)];
            entries.Add(new TableEntry("I.routes", [new FieldMatch.Exact("h.work.a", dice.Below(4)), .. prefix], 0, Leave(dice)));
            var (low, high) = (dice.Below(4096), dice.Below(4096));
            entries.Add(new TableEntry(
                "I.rules",
                [
                    new FieldMatch.Ternary("h.work.a", dice.Below(4), dice.Below(3) + 1),
                    new FieldMatch.Range("h.work.m", Math.Min(low, high), Math.Max(low, high)),
                ],
                i,
                Leave(dice)));
        }

        var packets = Enumerable.Range(0, MaxPackets).Select(_ =>
        {
            // Without 15, whose meter depends on the time, 17, whose digest nobody wants, and 22, which reads a field of a header that may not be valid:
            // bmv2 then finds what an earlier packet left (so no packet is cut within its Ethernet header, which holds the op). One port, since bmv2 mixes ports in no order and 14 keeps state.
            var op = dice.Below(23);
            var packet = dice.Octets(60 + (int)dice.Below(20));
            packet[0] = (byte)(op is 15 or 17 or 22 ? 1 : op);
            packet[12] = 0x90;
            packet[13] = (byte)(dice.Below(8) switch { 0 => 1, 1 => 2, _ => 0 });
            packet[14] = (byte)dice.Below(4);
            return (Port: 1, packet[..(dice.Below(10) == 0 ? 14 + (int)dice.Below(46) : packet.Length)]);
        });
        return CompareAsync("features", entries, [.. packets]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task The_gateway_program_does_what_it_does_in_bmv2(ulong seed)
    {
        var dice = new Dice(seed);
        var entries = new List<PipelineEntity>();
        for (ushort port = 1; port <= 3; port++)
        {
            for (byte kind = 1; kind <= 2; kind++)
            {
                entries.Add(new TableEntry(
                    TableNames.EntryPort,
                    [
                        new FieldMatch.Exact(KeyNames.IngressPort, port), new FieldMatch.Exact(KeyNames.VlanValid, 0),
                        new FieldMatch.Exact(KeyNames.VlanId, 0), new FieldMatch.Exact(KeyNames.Class, kind),
                    ],
                    0,
                    PipelineActions.Enter((uint)port + 10, port, 0, 1)));
            }
        }

        var packets = Enumerable.Range(0, MaxPackets).Select(_ => (Port: (int)dice.Below(3) + 1, Packet: GatewayPacket(dice)));
        return CompareAsync("gateway", entries, [.. packets]);
    }

    /// <summary>IPv4 or IPv6 over UDP, sometimes tagged, cut off or with a wrong octet.</summary>
    private static byte[] GatewayPacket(Dice dice)
    {
        var four = dice.Below(2) == 0;
        var payload = dice.Octets(8 + (int)dice.Below(60));
        var packet = new List<byte>([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]);
        packet.AddRange(dice.Below(4) == 0 ? [0x81, 0, 0, 5] : []);
        packet.AddRange(four ? [8, 0] : [0x86, 0xdd]);
        var header = four
            ? (byte[])[0x45, 0, 0, (byte)(20 + payload.Length), 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 1, 2]
            : [0x60, 0, 0, 0, 0, (byte)payload.Length, 17, 64, 0x20, 1, .. dice.Octets(14), 0x20, 1, .. dice.Octets(14)];
        if (four)
        {
            var sum = 0;
            for (var i = 0; i < 20; i += 2)
            {
                sum += header[i] << 8 | header[i + 1];
            }

            sum = ~((sum & 0xffff) + (sum >> 16));
            (header[10], header[11]) = ((byte)(sum >> 8), (byte)sum);
        }

        (payload[4], payload[5]) = (0, (byte)payload.Length);
        packet.AddRange(header);
        packet.AddRange(payload);
        if (dice.Below(6) == 0)
        {
            packet[12 + (int)dice.Below((ulong)packet.Count - 12)] ^= (byte)(1 << (int)dice.Below(8));
        }

        return [.. packet[..(dice.Below(10) == 0 ? 14 + (int)dice.Below((ulong)packet.Count - 14) : packet.Count)]];
    }

    private static ActionCall Leave(Dice dice) => new("I.leave", [new ActionArgument("port", dice.Below(6) + 1)]);

    private static async Task CompareAsync(string program, List<PipelineEntity> entities, (int Port, byte[] Packet)[] packets)
    {
        Assert.SkipUnless(ReferenceSwitch.Executable is not null, "simple_switch_grpc is not on PATH");
        var info = RunningSwitch.Info(program);
        var json = ByteString.CopyFromUtf8(RunningSwitch.Text(program == "gateway" ? "gateway.bmv2.json" : $"{program}.json"));
        var config = new Wire.ForwardingPipelineConfig { P4Info = info, P4DeviceConfig = json };
        var machine = new SwitchMachine(SwitchProgram.Load(json.Memory), TimeProvider.System);
        var pipeline = new Serving.Pipeline(config, machine);
        var server = new EntityServer(pipeline);
        var updates = entities.Select(entity => new Wire.Update { Type = Wire.Update.Types.Type.Insert, Entity = Message(pipeline.Codec, entity) })
            .Append(new Wire.Update
            {
                Type = Wire.Update.Types.Type.Insert,
                Entity = new Wire.Entity
                {
                    PacketReplicationEngineEntry = new Wire.PacketReplicationEngineEntry
                    {
                        CloneSessionEntry = new Wire.CloneSessionEntry { SessionId = 5, Replicas = { Copy(6, 60) } },
                    },
                },
            }).ToArray();

        await using var reference = ReferenceSwitch.Start(1, s_ports, packets);
        using var stream = reference.Client.StreamChannel(new CallOptions(cancellationToken: Cancellation).WithWaitForReady());
        await new TestController(stream).ArbitrateAsync(1, 1);
        await reference.Client.SetForwardingPipelineConfigAsync(
            new Wire.SetForwardingPipelineConfigRequest
            {
                DeviceId = 1,
                ElectionId = new Wire.Uint128 { Low = 1 },
                Action = Wire.SetForwardingPipelineConfigRequest.Types.Action.VerifyAndCommit,
                Config = config,
            },
            cancellationToken: Cancellation);
        var sink = new Sink();
        foreach (var update in updates)
        {
            // What one refuses (an entry twice), the other refuses too.
            var here = Outcome(() => server.Write(update));
            var there = Outcome(() => reference.Client.Write(
                new Wire.WriteRequest { DeviceId = 1, ElectionId = new Wire.Uint128 { Low = 1 }, Updates = { update } }, cancellationToken: Cancellation));
            Assert.True(here == there, $"accepted here: {here}, by bmv2: {there}: {update}");
        }

        foreach (var (port, packet) in packets)
        {
            machine.Process(port, packet, sink);
        }

        var expected = sink.Packets.Where(packet => s_ports.Contains(packet.Port)).Order().ToArray();
        var start = TimeProvider.System.GetTimestamp();
        var actual = reference.Output();
        while (actual.Count < expected.Length && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
            actual = reference.Output();
        }

        actual.Sort();
        Assert.Equal([], expected.Except(actual).Select(packet => $"only here: {packet}").Concat(actual.Except(expected).Select(packet => $"only bmv2: {packet}")));
        Assert.Equal(expected, actual);
    }

    private static bool Outcome(System.Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

#pragma warning disable CS0612 // PI of 2023 knows the numeric port only.
    private static Wire.Replica Copy(uint port, uint instance) => new() { EgressPort = port, Instance = instance };
#pragma warning restore CS0612

    private static Wire.Entity Message(InfoCodec codec, PipelineEntity entity)
    {
        if (entity is TableEntry entry)
        {
            return new Wire.Entity { TableEntry = codec.WriteEntry(entry) };
        }

        var group = (MulticastGroup)entity;
        var message = new Wire.MulticastGroupEntry { MulticastGroupId = group.Group };
        message.Replicas.AddRange(group.Replicas.Select(replica => Copy(replica.Port, replica.Instance)));
        return new Wire.Entity { PacketReplicationEngineEntry = new Wire.PacketReplicationEngineEntry { MulticastGroupEntry = message } };
    }

    private sealed class Sink : IPacketSink
    {
        public List<(int Port, string Octets)> Packets { get; } = [];

        public void Send(int port, ReadOnlySpan<byte> packet) => Packets.Add((port, Convert.ToHexStringLower(packet)));

        public void Digest(string digest, IReadOnlyList<UInt128> values) => Assert.Fail("no packet asks for a digest");
    }

    /// <summary>Numbers from a seed (splitmix64).</summary>
    private sealed class Dice(ulong seed)
    {
        private ulong _state = seed;

        public ulong Next()
        {
            var value = _state += 0x9e3779b97f4a7c15;
            value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
            value = (value ^ value >> 27) * 0x94d049bb133111eb;
            return value ^ value >> 31;
        }

        public ulong Below(ulong count) => Next() % count;

        public UInt128 Wide() => new(Next(), Next());

        public byte[] Octets(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)Next())];
    }
}
