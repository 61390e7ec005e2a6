using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;
using Xunit;

namespace GatewayOS.Compiler.Tests.Symbolic;

/// <summary>Tests of many addresses become tests of one bit.</summary>
public sealed class ClassFolderTests
{
    private const string Many = "{10.0.0.1, 10.0.0.3, 10.0.0.5, 10.1.0.0/16, 10.0.0.7}";

    private static readonly Ovn.Rows.AddressSet s_row = new() { Name = "many", Addresses = ["10.0.0.1", "10.0.0.3", "10.0.0.5", "10.1.0.0/16", "10.0.0.7"] };
    private static readonly NamedSets s_sets = new([new("many", s_row.Addresses)], []);

    [Fact]
    public void Few_addresses_are_spelled_out() => Assert.Equal(4, Fold("ip4.src == {10.0.0.1, 10.0.0.3, 10.0.0.5, 10.0.0.7}", out _).Alternatives.Length);

    [Theory]
    [InlineData($"ip4.src == {Many}", KeyField.SourceClass, true)]
    [InlineData($"ip4.dst == {Many}", KeyField.DestinationClass, true)]
    [InlineData($"ip4.src != {Many}", KeyField.SourceClass, false)]
    [InlineData($"!(ip4.dst == {Many})", KeyField.DestinationClass, false)]
    [InlineData("ip4.src != 10.0.0.0/8", KeyField.SourceClass, false)]
    [InlineData("ip4.src == $many || ip6.src == $many", KeyField.SourceClass, true)]
    [InlineData("reg0 == $many", KeyField.DestinationClass, true)]
    public void Many_addresses_are_one_bit(string match, KeyField field, bool isSet)
    {
        var alternative = Assert.Single(Fold(match, out _).Alternatives);
        var term = Assert.Single(alternative.Cube.Terms);

        Assert.True(alternative.Exact);
        Assert.Equal(field, term.Field);
        Assert.True(UInt128.IsPow2(term.Mask));
        Assert.Equal(isSet ? term.Mask : 0, term.Value);
    }

    [Fact]
    public void The_rest_of_a_conjunction_stays_beside_the_bits()
    {
        var residual = Fold($"ip4.src == {Many} && ip4.dst != {Many} && tcp.dst == {{80, 443}}", out _);

        Assert.Equal(2, residual.Alternatives.Length);
        Assert.All(residual.Alternatives, alternative => Assert.Equal(
            [KeyField.Protocol, KeyField.L4Destination, KeyField.SourceClass, KeyField.DestinationClass], alternative.Cube.Terms.Select(term => term.Field)));
    }

    [Fact]
    public void A_named_set_keeps_its_bit_when_it_changes()
    {
        var before = Fold("ip4.src == $many", out var classes);
        var grown = s_row with { Addresses = [.. s_row.Addresses, "10.0.0.9"] };
        classes.Update([grown]);
        var after = Fold("ip4.src == $many", classes, new NamedSets([new("many", grown.Addresses)], []));

        Assert.Equal(before.Alternatives.Single().Cube, after.Alternatives.Single().Cube);
        var bit = (int)UInt128.TrailingZeroCount(after.Alternatives.Single().Cube.Terms[0].Mask);
        Assert.Equal(6, classes.ContentOf(PacketClass.Ipv4, KeyField.SourceClass, bit).Prefixes.Count);
    }

    [Fact]
    public void A_set_without_a_name_is_its_content()
    {
        var first = Fold($"ip4.src == {Many}", out var classes);

        Assert.NotEqual(first.Alternatives.Single().Cube, Fold("ip4.src == {10.0.0.1, 10.0.0.3, 10.0.0.5, 10.1.0.0/16, 10.0.0.8}", classes, s_sets).Alternatives.Single().Cube);
        Assert.Equal(first.Alternatives.Single().Cube, Fold($"ip4.src == {Many} && ip4", classes, s_sets).Alternatives.Single().Cube);
    }

    private static Residual Fold(string match, out AddressClasses classes)
    {
        classes = new AddressClasses();
        classes.Update([s_row]);
        return Fold(match, classes, s_sets);
    }

    // reg0 has been given the destination, as before arp_resolve.
    private static Residual Fold(string match, AddressClasses classes, NamedSets sets)
    {
        var state = new SymbolicState(
            new RootCatalog(PacketClass.Ipv4), "vm1", "", new Passage(new Origin.Port(1, "vm1"), 0, 0, int.MaxValue, InPortHidden: false));
        state = state.With(SymbolTable.For(LanguageVersion.Any)["reg0"].Whole.Bits, Bits.Alias(32, KeyField.Destination));
        return new MatchFolder(_ => false, classes).Fold(Annotation.Annotate(new LogicalFlowParser().ParseMatch(match, sets).Match!), state);
    }
}
