using GatewayOS.Core;
using Xunit;

namespace GatewayOS.P4.Tests;

public sealed class PipelineValueTests
{
    [Fact]
    public void A_ternary_match_ignores_the_bits_outside_its_mask()
    {
        Assert.Equal(new FieldMatch.Ternary(KeyNames.Src, 0x0a000000, 0xff000000), new FieldMatch.Ternary(KeyNames.Src, 0x0a0b0c0d, 0xff000000));
    }

    [Fact]
    public void Entries_with_the_same_match_and_priority_have_the_same_key()
    {
        TableEntry entry = new(TableNames.L2, [new FieldMatch.Exact(KeyNames.State, 1)], 0, PipelineActions.Deny);
        TableEntry other = entry with { Action = PipelineActions.Go(2), IdleTimeout = TimeSpan.FromSeconds(9) };
        Assert.Equal(entry.Key, other.Key);
        Assert.Equal(entry.Key.GetHashCode(), other.Key.GetHashCode());
        Assert.NotEqual(entry, other);
        Assert.NotEqual(entry.Key, (entry with { Match = [new FieldMatch.Exact(KeyNames.State, 2)] }).Key);
    }

    [Fact]
    public void The_mask_of_edits_names_what_is_set()
    {
        var mac = MacAddress.Parse("02:00:00:00:00:01");
        Assert.Equal(0, default(HeaderEdits).Mask);
        Assert.Equal(15, new HeaderEdits(mac, mac, 1, 0).Mask);
        Assert.Equal(HeaderEdits.DscpBit, new HeaderEdits(Dscp: 0).Mask);
        Assert.Equal(ConnectionRewrite.DstBit | ConnectionRewrite.L4SrcBit, new ConnectionRewrite(Dst: 0, L4Src: 0).Mask);
    }

    [Fact]
    public void Without_edits_the_short_action_is_called()
    {
        Assert.Equal(ActionNames.Go, PipelineActions.Go(1, default).Name);
        Assert.Equal(ActionNames.Forward, PipelineActions.Forward(1, 2, default).Name);
        var call = PipelineActions.Forward(1, 2, new HeaderEdits(TtlDecrement: 3));
        Assert.Equal((ActionNames.ForwardEdit, (UInt128)4, (UInt128)3), (call.Name, call[ParameterNames.Edits], call[ParameterNames.TtlDec]));
    }

    [Fact]
    public void Every_action_is_called_by_a_table_and_every_table_calls_known_actions()
    {
        var called = Pipeline.Tables.SelectMany(table => table.Actions).Distinct().Order();
        Assert.Equal(Pipeline.Actions.Keys.Order(), called);
    }
}
