using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using Xunit;

namespace GatewayOS.Compiler.Tests.Classes;

public sealed class AddressClassesTests
{
    private static readonly PrefixSet s_content = PrefixSet.Of(32, [new AddressPrefix(0x0a000000, 8)]);

    [Fact]
    public void Sets_that_find_no_bit_get_one_when_they_save_more_rows_than_others()
    {
        var classes = new AddressClasses();
        var bits = Enumerable.Range(0, 65).Select(i => classes.BitOf(PacketClass.Ipv4, KeyField.SourceClass, null, Host(i), rows: i)).ToList();
        Assert.Equal(64, bits.OfType<int>().Distinct().Count());
        Assert.Null(bits[64]);

        Assert.True(classes.Reassign());
        classes.Begin();
        var again = Enumerable.Range(0, 65).Select(i => classes.BitOf(PacketClass.Ipv4, KeyField.SourceClass, null, Host(i), rows: i)).ToList();

        Assert.Null(again[0]);
        Assert.NotNull(again[64]);
        Assert.Equal(bits[1..64], again[1..64]);
        Assert.False(classes.Reassign());
    }

    [Fact]
    public void Another_compiler_gives_the_same_bit_to_a_set()
    {
        var (one, other) = (new AddressClasses(), new AddressClasses());
        other.BitOf(PacketClass.Ipv4, KeyField.DestinationClass, null, Host(77), 1);

        Assert.Equal(
            one.BitOf(PacketClass.Ipv4, KeyField.SourceClass, null, s_content, 1),
            other.BitOf(PacketClass.Ipv4, KeyField.SourceClass, null, s_content, 1));
    }

    [Fact]
    public void A_prefix_in_another_adds_nothing_to_a_set()
    {
        var set = PrefixSet.Of(32, [new(0x0a010000, 16), new(0x0a000000, 8), new(0x0b000000, 8), new(0x0a000000, 8)]);

        Assert.Equal([new AddressPrefix(0x0a000000, 8), new AddressPrefix(0x0b000000, 8)], set.Prefixes);
    }

    private static PrefixSet Host(int number) => PrefixSet.Of(32, [new AddressPrefix(0x0b000000 | (uint)number, 32)]);
}
