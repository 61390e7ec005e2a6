using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace GatewayOS.Bmv2.Tests;

/// <summary>The gateway's own program on the machine.</summary>
public sealed class GatewayProgramTests
{
    /// <summary>UDP 10.0.0.1 -> 10.0.1.2 in Ethernet, TTL 64, both checksums right.</summary>
    private const string Udp4 =
        "020000000002 020000000001 0800 45000020000040004011 25cb 0a000001 0a000102 03e8 07d0 000c 0000 6162 6364";

    private static readonly SwitchProgram s_program = SwitchProgram.Load(Programs.Text("gateway.bmv2"));

    public static TheoryData<string> CaseNames() => [.. PipelineCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Packets_leave_as_the_case_says(string name)
    {
        var (test, machine) = (PipelineCases.All.Single(one => one.Name == name), new SwitchMachine(s_program, TimeProvider.System));
        foreach (var entity in test.Entities)
        {
            Assert.Equal("", machine.Insert(entity).Message);
        }

        var sent = Collector.Run(machine, (int)test.Sent.Port, Convert.ToHexString(test.Sent.Octets));

        var difference = test.Difference([.. sent.Select(frame => new PortFrame((uint)frame.Port, Convert.FromHexString(frame.Octets)))]);
        Assert.True(difference is null, difference);
        var punts = Enumerable.Range(0, PuntReasons.Count).Where(reason => machine.ReadCounter(CounterNames.Punts, reason).Packets > 0);
        Assert.Equal(test.Reason is { } expected ? [expected] : [], punts);
    }

    [Theory]
    [InlineData(1, 257)]
    [InlineData(257, 1)]
    [InlineData(7, 263)]
    public void With_empty_tables_the_device_is_a_wire_between_a_port_and_its_exception_port(int from, int to)
    {
        var machine = Programs.Machine("gateway.bmv2");

        foreach (var packet in new[] { Udp4, "ffffffffffff 020000000001 0806 0001", "01", "020000000002 020000000001 8100 0005 86dd 60" })
        {
            var (port, octets) = Assert.Single(Collector.Run(machine, from, packet));

            Assert.Equal(to, port);
            Assert.Equal(packet.Replace(" ", "", StringComparison.Ordinal), octets);
        }
    }

    [Fact]
    public void A_trace_names_the_tables_that_were_applied()
    {
        var machine = Programs.Machine("gateway.bmv2");
        var entry = new TableEntry(
            "entry_port",
            [
                new FieldMatch.Exact("ingress_port", 1), new FieldMatch.Exact("vlan_valid", 0), new FieldMatch.Exact("vlan_id", 0),
                new FieldMatch.Exact("class", 1),
            ],
            0,
            PipelineActions.Enter(7, 3, 0, 1));
        Assert.Equal("", machine.Insert(entry).Message);
        var trace = new PacketTrace();

        Collector.Run(machine, 1, Udp4, trace);

        var step = Assert.Single(trace.Steps, step => step.Table.EndsWith("entry_port", StringComparison.Ordinal));
        Assert.True(step.Hit);
        Assert.Equal(7UL, trace["meta.state"]);
    }

    [Fact]
    public void An_outer_checksum_of_0_is_sent_as_all_ones()
    {
        var machine = Programs.Machine("gateway.bmv2");
        foreach (var entry in OuterChecksumCase.Entities.Cast<TableEntry>())
        {
            Assert.Equal("", machine.Insert(entry).Message);
        }

        Assert.Equal(0xffff, OuterChecksumCase.Of(frame => [
            .. Collector.Run(machine, (int)frame.Port, Convert.ToHexString(frame.Octets))
                .Select(sent => new PortFrame((uint)sent.Port, Convert.FromHexString(sent.Octets)))]));
    }

    [Fact]
    public void Only_what_leaves_takes_of_a_meter_and_it_fills_with_time()
    {
        var time = new FakeTimeProvider();
        var machine = Programs.Machine("gateway.bmv2", time);
        var length = Udp4.Replace(" ", "", StringComparison.Ordinal).Length / 2;
        TableEntry state = PipelineEntries.Stage(TableNames.L2, 10, PipelineActions.Forward(20, 0, new HeaderEdits(Meter: 1, Meter2: 2)));
        foreach (var entity in (PipelineEntity[])
            [.. PipelineEntries.EnterPort(1, 10), .. PipelineEntries.PlainOutput(), state, new MeterCell(MeterNames.Meters, 1, 8, 8)])
        {
            Assert.Equal("", machine.Insert(entity).Message);
        }

        // Three packets and a little, a thousand octets a second; and seven in all.
        machine.ConfigureMeter(MeterNames.Meters, 1, new MeterRates(1000, (length * 3) + 1, 1000, (length * 3) + 1));
        machine.ConfigureMeter(MeterNames.Meters, 2, new MeterRates(0, length * 7, 0, length * 7));
        int Sent(int packets) => Enumerable.Range(0, packets).Sum(_ => Collector.Run(machine, 1, Udp4).Length);
        void Act(ActionCall action) => Assert.Equal("", machine.Modify(state with { Action = action }).Message);

        Act(PipelineActions.Punt(64));
        Assert.Equal(5, Sent(5));
        Act(PipelineActions.Deny);
        Assert.Equal(0, Sent(5));
        Act((ActionCall)state.Action);
        Assert.Equal(3, Sent(5));
        time.Advance(TimeSpan.FromMilliseconds(length));
        Assert.Equal(1, Sent(5));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(3, Sent(5));

        // What the first has dropped took nothing of the second.
        Assert.Equal("", machine.Delete(new MeterKey(MeterNames.Meters, 1)).Message);
        Assert.Equal(0, Sent(5));
        Assert.Equal("", machine.Delete(new MeterKey(MeterNames.Meters, 2)).Message);
        Assert.Equal(5, Sent(5));
        Assert.Contains("8192", machine.Insert(new MeterCell(MeterNames.Meters, 8192, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("no_such", machine.Insert(new MeterCell("no_such", 1, 1, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_allocates_nothing()
    {
        var machine = Programs.Machine("gateway.bmv2");
        var packet = Convert.FromHexString(Udp4.Replace(" ", "", StringComparison.Ordinal));
        var sink = new NullSink();
        for (var i = 0; i < 1000; i++)
        {
            machine.Process(1, packet, sink);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = TimeProvider.System.GetTimestamp();
        const int Count = 200_000;
        for (var i = 0; i < Count; i++)
        {
            machine.Process(1, packet, sink);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Count / elapsed.TotalSeconds:F0} packets/s");
        Assert.Equal(0, allocated);
        Assert.Equal(Count + 1000, sink.Packets);
    }

    private sealed class NullSink : IPacketSink
    {
        public int Packets { get; private set; }

        public void Send(int port, ReadOnlySpan<byte> packet) => Packets++;

        public void Digest(string digest, IReadOnlyList<UInt128> values)
        {
            // The program has no digests.
        }
    }
}
