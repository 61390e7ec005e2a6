using CsCheck;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Emission;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Emission;

public sealed class ClassRowsTests
{
    private const int Width = 32;

    // Prefixes of a space of 64 addresses, so that sets lie inside and across each other.
    private static readonly Gen<AddressPrefix> s_prefix = Gen.Select(Gen.Int[0, 63], Gen.Int[0, 6])
        .Select((address, length) => new AddressPrefix((uint)(address >> (6 - length) << (6 - length)), Width - 6 + length));

    [Fact]
    public void The_longest_prefix_of_an_address_says_exactly_in_which_sets_it_is() =>
        s_prefix.Array[0, 6].Array[0, 5].Sample(sets =>
        {
            var contents = sets.Select((prefixes, bit) => (Bit: bit * 13, PrefixSet.Of(Width, prefixes))).ToList();
            var rows = ClassRows.Of(contents, Width).ToList();
            for (var address = 0u; address < 64; address++)
            {
                var own = new AddressPrefix(address, Width);
                var hit = rows.Where(row => row.Prefix.Contains(own, Width)).OrderBy(row => row.Prefix.Length).LastOrDefault().Bits;
                Assert.Equal(sets.Select((prefixes, bit) => prefixes.Any(prefix => prefix.Contains(own, Width)) ? 1UL << (bit * 13) : 0).Aggregate(0UL, (sum, one) => sum | one), hit);
            }
        });

    [Fact]
    public void One_changed_entry_keeps_the_number_of_the_space_unless_something_else_changes()
    {
        var numbers = new SpaceNumbers();
        var first = Number(numbers, sameEntrances: true, (1, 1));
        Assert.Equal(first, Number(numbers, sameEntrances: false, (1, 1)));
        Assert.Equal(first, Number(numbers, sameEntrances: true, (1, 1), (2, 1)));
        Assert.Equal(first, Number(numbers, sameEntrances: true, (1, 3), (2, 1)));
        Assert.NotEqual(first, Number(numbers, sameEntrances: false, (2, 1)));
    }

    [Fact]
    public void A_space_that_changed_step_by_step_does_not_return_to_its_first_content_under_the_same_number()
    {
        var numbers = new SpaceNumbers();
        var first = Number(numbers, sameEntrances: true, (1, 1));
        Number(numbers, sameEntrances: true, (1, 1), (2, 1));
        Assert.Equal(first, Number(numbers, sameEntrances: true, (1, 1), (2, 1), (3, 1)));

        Assert.NotEqual(first, Number(numbers, sameEntrances: true, (1, 1)));
    }

    [Fact]
    public void The_same_content_has_the_same_number_after_a_restart() =>
        Assert.Equal(Number(new SpaceNumbers(), sameEntrances: true, (1, 1), (2, 4)), Number(new SpaceNumbers(), sameEntrances: true, (2, 4), (1, 1)));

    private static ushort? Number(SpaceNumbers numbers, bool sameEntrances, params (uint Address, ulong Bits)[] rows) => numbers.NumberOf(
        PacketClass.Ipv4,
        rows.ToDictionary(row => new ClassRow(TableNames.SrcClass4, new AddressPrefix(row.Address, Width)), row => PipelineActions.SetSrcClass(row.Bits)),
        sameEntrances);
}
