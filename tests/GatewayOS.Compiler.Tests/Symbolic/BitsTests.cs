using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using Xunit;

namespace GatewayOS.Compiler.Tests.Symbolic;

public sealed class BitsTests
{
    [Fact]
    public void A_register_written_in_parts_is_constant_once_all_parts_are()
    {
        var bits = Bits.Unknown(32).With(0, Bits.Constant(16, 0xbeef));
        Assert.Null(bits.ConstantValue);

        Assert.Equal((UInt128)0xdeadbeef, bits.With(16, Bits.Constant(16, 0xdead)).ConstantValue);
    }

    [Fact]
    public void A_copy_of_an_address_stays_an_alias_of_it_in_any_part_of_a_register()
    {
        var xxreg = Bits.Constant(128, 0).With(96, Bits.Alias(32, KeyField.Destination));

        var low = Assert.Single(xxreg.Slice(96, 8).Segments);
        Assert.Equal((Knowledge.Alias, KeyField.Destination, 0), (low.Knowledge, low.Field, low.FieldOffset));
        var high = Assert.Single(xxreg.Slice(120, 8).Segments);
        Assert.Equal((Knowledge.Alias, KeyField.Destination, 24), (high.Knowledge, high.Field, high.FieldOffset));
        Assert.Equal((UInt128)0, xxreg.Slice(0, 96).ConstantValue);
    }

    [Fact]
    public void Values_are_equal_however_they_were_put_together()
    {
        var inTwo = Bits.Unknown(48).With(0, Bits.Alias(48, KeyField.EthSource).Slice(0, 20)).With(20, Bits.Alias(48, KeyField.EthSource).Slice(20, 28));

        Assert.Equal(Bits.Alias(48, KeyField.EthSource), inTwo);
        Assert.Equal(Bits.Constant(8, 0x0f), Bits.Constant(8, 0xff).With(4, Bits.Constant(4, 0)));
    }
}
