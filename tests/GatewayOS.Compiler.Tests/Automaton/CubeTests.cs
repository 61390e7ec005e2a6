using CsCheck;
using GatewayOS.Compiler.Automaton;
using Xunit;

namespace GatewayOS.Compiler.Tests.Automaton;

public sealed class CubeTests
{
    // Two small fields make overlaps likely; a packet is a value for each.
    private static readonly Gen<Cube> s_cube =
        from src in Gen.Select(Gen.UInt[0, 7], Gen.UInt[0, 7])
        from dst in Gen.Select(Gen.UInt[0, 7], Gen.UInt[0, 7])
        select Cube.Of(KeyField.Source, src.Item1, src.Item2).Intersect(Cube.Of(KeyField.Destination, dst.Item1, dst.Item2))!;

    [Fact]
    public void An_intersection_has_the_packets_that_both_match() =>
        Gen.Select(s_cube, s_cube).Sample((a, b) =>
        {
            var both = a.Intersect(b);
            return Packets().All(packet => (both is not null && Matches(both, packet)) == (Matches(a, packet) && Matches(b, packet)));
        });

    [Fact]
    public void Containment_and_overlap_are_those_of_sets() =>
        Gen.Select(s_cube, s_cube).Sample((a, b) =>
            a.Contains(b) == Packets().All(packet => !Matches(b, packet) || Matches(a, packet))
            && a.Overlaps(b) == Packets().Any(packet => Matches(a, packet) && Matches(b, packet)));

    [Fact]
    public void A_field_left_out_is_no_longer_tested()
    {
        var cube = Cube.Of(KeyField.Source, 5, 7).Intersect(Cube.Of(KeyField.Destination, 1, 1))!;

        Assert.Equal(Cube.Of(KeyField.Destination, 1, 1), cube.Without(KeyField.Source));
        Assert.Null(cube.Without(KeyField.Source).TermOn(KeyField.Source));
        Assert.Equal(new Term(KeyField.Source, 5, 7), cube.TermOn(KeyField.Source));
    }

    internal static bool Matches(Cube cube, (uint Source, uint Destination) packet)
    {
        foreach (var term in cube.Terms)
        {
            var value = term.Field == KeyField.Source ? packet.Source : packet.Destination;
            if ((value & term.Mask) != term.Value)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<(uint Source, uint Destination)> Packets() =>
        from source in Enumerable.Range(0, 8)
        from destination in Enumerable.Range(0, 8)
        select ((uint)source, (uint)destination);
}
