using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;

namespace GatewayOS.Bmv2.Tests;

/// <summary>The gateway's own program on the machine.</summary>
public sealed class GatewayProgramTests
{
    /// <summary>UDP 10.0.0.1 -> 10.0.1.2 in Ethernet, TTL 64, both checksums right.</summary>
    private const string Udp4 =
        "020000000002 020000000001 0800 45000020000040004011 25cb 0a000001 0a000102 03e8 07d0 000c 0000 6162 6364";

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
