using GatewayOS.Reference.Tests.Comparison;
using Xunit;

namespace GatewayOS.Reference.Tests;

public sealed class OvnTraceTests(SmallNetworkFixture network) : IClassFixture<SmallNetworkFixture>
{
    private const int Packets = 1500;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Packets * 3, 2)]
    public void The_interpreter_says_the_same_as_ovn_trace_of_random_packets(int states, int seed)
    {
        var everywhere = network.On(chassis: null);
        using var comparison = new TraceComparison(everywhere, network.Remote, States.Possible(states, seed));
        var packets = new RandomPackets(everywhere, seed);
        for (var i = 0; i < Packets; i++)
        {
            var (datapath, microflow) = packets.Next();
            var difference = comparison.Compare(datapath, microflow);
            Assert.True(difference is null, difference);
        }

        // Most packets have to get somewhere, or the comparison says little.
        Assert.True(comparison.Steps > Packets * 10);
        Assert.Equal(states > 0, comparison.Tracked > Packets / 20);
        Assert.True(comparison.Compared > Packets * 98 / 100);
    }
}
