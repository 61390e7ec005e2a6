using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

public sealed class PuntCoverTests
{
    private const string Reason = "crowd";

    [Fact]
    public void Many_destinations_left_to_software_become_few_prefixes()
    {
        var rows = Enumerable.Range(1, 200).Select(host => Punt(0x0a000000u + (uint)host)).ToList();

        var shorter = PuntCover.Shorten(rows, Reason, PacketClass.Ipv4);

        Assert.True(shorter.Count < 20);
        Assert.All(rows, row => Assert.Contains(shorter, cover => cover.Cube.Contains(row.Cube)));
        Assert.All(shorter, row => Assert.Equal(Reason, ((Target.Punt)row.Edge.Target).Cause.Reason));
    }

    [Fact]
    public void A_destination_that_is_forwarded_is_in_none_of_them()
    {
        var forwarded = new Row(Destination(0x0a000032), Leaf.Forward(new OutputTarget.Plain(2, 1514, 0)));
        List<Row> rows = [forwarded, .. Enumerable.Range(1, 200).Where(host => host != 0x32).Select(host => Punt(0x0a000000u + (uint)host))];

        var shorter = PuntCover.Shorten(rows, Reason, PacketClass.Ipv4);

        Assert.True(shorter.Count < 30);
        Assert.Equal([forwarded], shorter.Where(row => row.Cube.Overlaps(forwarded.Cube)));
    }

    [Fact]
    public void Destinations_far_apart_stay_as_they_are()
    {
        var rows = Enumerable.Range(1, 100).Select(net => Punt((uint)net << 24)).ToList();

        Assert.Equal(100, PuntCover.Shorten(rows, Reason, PacketClass.Ipv4).Count);
    }

    [Fact]
    public void Other_reasons_are_not_touched()
    {
        var rows = Enumerable.Range(1, 100).Select(host => Punt(0x0a000000u + (uint)host)).ToList();

        Assert.Same(rows, PuntCover.Shorten(rows, "another", PacketClass.Ipv4));
    }

    private static Row Punt(uint address) => new(Destination(address), Leaf.Punt(Reason, $"{address}"));

    private static Cube Destination(uint address) => Cube.Of(KeyField.Destination, address, uint.MaxValue);
}
