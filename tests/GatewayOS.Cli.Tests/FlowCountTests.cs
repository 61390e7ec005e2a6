using System.Net;
using GatewayOS.Bmv2;
using GatewayOS.Compiler;
using GatewayOS.Control.Artefacts;
using GatewayOS.Control.Counting;
using GatewayOS.Control.Ports;
using GatewayOS.Core;
using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>What was compiled of a real network, in the software switch: the counts of flows are those of the packets that were sent.</summary>
public sealed class FlowCountTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    private static readonly TestFrame s_inbound = new()
    {
        EthDst = MacAddress.Parse(RoutedNetwork.RouterOutside),
        EthSrc = MacAddress.Parse(RoutedNetwork.External),
        Vlan = 100,
        Src = IPAddress.Parse("172.16.0.100"),
        Dst = IPAddress.Parse("10.0.0.12"),
    };

    [Fact]
    public void An_ACL_counts_its_packets_exactly_also_one_that_changes_nothing()
    {
        var totals = Run(
            (s_inbound, 5),
            (s_inbound with { Proto = TestFrame.Udp, L4Dst = 9 }, 3),
            (s_inbound with { Proto = TestFrame.Udp, L4Dst = 10 }, 4),
            (s_inbound with { Proto = TestFrame.Icmp }, 7));
        Assert.Equal(5, totals[Acl("tcp")]);
        Assert.Equal(3, totals[Acl("udp.dst == 9")]);
        Assert.Equal(5 + 4 + 7, totals[Flow("lr_in_ip_routing", "10.0.0.0/24")]);
        Assert.Equal(5 + 3 + 4 + 7, totals[Flow("ls_in_pre_lb", "inport == \"ln\"")]);
    }

    [Fact]
    public void No_flow_of_one_datapath_counts_more_packets_than_were_sent()
    {
        var totals = Run((s_inbound, 6));
        var single = network.Southbound.LogicalFlows.Where(flow => flow.LogicalDatapath is not null && totals.ContainsKey(flow.Uuid)).ToList();
        Assert.All(single, flow => Assert.True(totals[flow.Uuid] is 0 or 6, $"{flow.ExternalIds.Find("stage-name")} {flow.Match}: {totals[flow.Uuid]}"));
        Assert.Contains(single, flow => totals[flow.Uuid] == 6);
    }

    private Dictionary<Guid, long> Run(params (TestFrame Frame, int Times)[] traffic)
    {
        var ports = PortsFileReader.Read(File.ReadAllText(network.PortsFile));
        var pipeline = new PipelineCompiler().Compile(network.Southbound, "gw1", ports.View);
        var machine = new SwitchMachine(SwitchProgram.Load(File.ReadAllBytes(PipelineArtefacts.Default.DeviceConfig)), TimeProvider.System);
        var counters = new FlowCounters();
        foreach (var compiled in pipeline.Entries)
        {
            Assert.Equal("", machine.Insert(EntryForm.EntityOf(compiled.Entry)).Message);
            counters.Begin(compiled.Entry, compiled.Flows);
        }

        foreach (var (frame, times) in traffic)
        {
            for (var i = 0; i < times; i++)
            {
                machine.Process(ports.NumberOf["ext0"], frame.ToBytes(), new NoOutput());
            }
        }

        foreach (var reading in Pipeline.Tables.SelectMany(table => machine.ReadEntries(table.Name)))
        {
            counters.Read(reading.Entry.Key, new P4Runtime.CounterValue(reading.Counter!.Value.Packets, reading.Counter.Value.Octets));
        }

        return counters.Totals().ToDictionary(pair => pair.Key, pair => pair.Value.Packets);
    }

    private Guid Acl(string match) => network.Southbound.LogicalFlows.Single(flow =>
        flow.ExternalIds.Find("stage-name")?.Contains("ls_in_acl", StringComparison.Ordinal) == true && flow.Match.Contains(match, StringComparison.Ordinal)).Uuid;

    private Guid Flow(string stage, string match) => network.Southbound.LogicalFlows.Single(flow =>
        flow.ExternalIds.Find("stage-name") == stage && flow.Match.Contains(match, StringComparison.Ordinal)).Uuid;

    private sealed class NoOutput : IPacketSink
    {
        public void Send(int port, ReadOnlySpan<byte> packet)
        {
        }

        public void Digest(string digest, IReadOnlyList<UInt128> values)
        {
        }
    }
}
