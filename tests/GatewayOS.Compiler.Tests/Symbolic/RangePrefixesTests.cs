using CsCheck;
using GatewayOS.Compiler.Symbolic;
using Xunit;

namespace GatewayOS.Compiler.Tests.Symbolic;

public sealed class RangePrefixesTests
{
    [Theory]
    [InlineData(0u, 65535u, new[] { "0/0" })]
    [InlineData(8000u, 8099u, new[] { "1f40/ffc0", "1f80/ffe0", "1fa0/fffc" })]
    [InlineData(22u, 22u, new[] { "16/ffff" })]
    [InlineData(1u, 0u, new string[0])]
    public void A_range_of_ports_becomes_these_prefixes(uint low, uint high, string[] expected) =>
        Assert.Equal(expected, RangePrefixes.Cover(low, high, 16).Select(prefix => $"{prefix.Value:x}/{prefix.Mask:x}"));

    [Fact]
    public void Prefixes_cover_each_number_of_the_range_once_and_no_other() =>
        Gen.Select(Gen.UInt[0, 255], Gen.UInt[0, 255]).Sample((low, high) =>
        {
            var prefixes = RangePrefixes.Cover(low, high, 8).ToList();
            return Enumerable.Range(0, 256).All(value =>
                prefixes.Count(prefix => ((uint)value & prefix.Mask) == prefix.Value) == (value >= low && value <= high ? 1 : 0));
        });

    [Fact]
    public void The_whole_of_128_bits_is_one_prefix() =>
        Assert.Equal([((UInt128)0, (UInt128)0)], RangePrefixes.Cover(0, UInt128.MaxValue, 128));
}
