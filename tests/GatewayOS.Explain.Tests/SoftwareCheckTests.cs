using GatewayOS.Bmv2;
using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;

namespace GatewayOS.Explain.Tests;

/// <summary>The checks in words are those of the program: the same packets fail them, for the same reason.</summary>
public sealed class SoftwareCheckTests
{
    private const PuntReason LastOfParser = PuntReason.Checksum;

    public static TheoryData<string> Cases => [.. PipelineCases.All.Where(one => (one.Sent.Port & Pipeline.ExceptionPortBit) == 0).Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_packet_fails_the_check_that_the_program_counts(string name)
    {
        var one = PipelineCases.All.Single(one => one.Name == name);
        var machine = new SwitchMachine(Switch.Program, TimeProvider.System);
        foreach (var entity in one.Entities)
        {
            Assert.Equal("", machine.Insert(entity).Message);
        }

        var trace = new PacketTrace();
        machine.Process((int)one.Sent.Port, one.Sent.Octets, new NoOutput(), trace);
        var found = new SoftwareCheck(trace, one.Sent.Octets).Find();

        // A packet of class 0 meets no table; the TTL may also run out later, on a path of many routers.
        var isOfParser = one.Reason is { } reason && reason <= (int)LastOfParser && trace.Steps.All(step => !Pipeline.TablesByName.ContainsKey(step.Table));
        Assert.Equal(isOfParser ? (PuntReason)one.Reason!.Value : null, found?.Reason);
        Assert.True(found is null or { Detail.Length: > 0 });
    }

    [Theory]
    [InlineData("a wrong outer UDP checksum", "the outer UDP checksum")]
    [InlineData("a wrong checksum inside a tunnel", "the TCP checksum")]
    [InlineData("a congestion mark on a tunnel packet", "the outer header is marked for congestion (ECN CE), which has to be told inside")]
    [InlineData("a Geneve packet without options", "0 octets of Geneve options, OVN sends 8")]
    [InlineData("UDP to port 68", "udp.dst 68")]
    [InlineData("IGMP", "IGMP")]
    [InlineData("ARP inside a tunnel", "ARP for something else than IPv4 over Ethernet")]
    [InlineData("an ARP answer", "ARP operation 2")]
    [InlineData("an ARP request to some", "eth.dst 01:00:5e:00:00:01")]
    public void The_detail_has_the_values(string packet, string detail)
    {
        var one = PipelineCases.All.First(one => one.Name.EndsWith(packet, StringComparison.Ordinal));
        var explanation = new PacketExplainer(
            Switch.Program, new DeviceContent([], new Dictionary<EntryKey, Compiler.Emission.CompiledEntry>(), new Dictionary<uint, string>()),
            new FlowCatalogue(Ovn.Southbound.Empty), _ => null).Explain((int)one.Sent.Port, one.Sent.Octets);
        Assert.Equal(ExplainedVerdict.Punt, explanation.Verdict.Verdict);
        Assert.Equal(detail, explanation.Verdict.Detail);
        Assert.NotNull(explanation.Verdict.Remedy);
    }

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
