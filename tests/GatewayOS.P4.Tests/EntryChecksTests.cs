using Xunit;

namespace GatewayOS.P4.Tests;

public sealed class EntryChecksTests
{
    private static readonly FieldMatch.Exact s_state = new(KeyNames.State, 5);

    public static TheoryData<TableEntry, string?> Entries() => new()
    {
        { new(TableNames.L2, [s_state], 0, PipelineActions.Deny), null },
        { new(TableNames.Route6, [s_state, new FieldMatch.Lpm(KeyNames.Dst, 1, 128)], 0, PipelineActions.Go(1)), null },
        { new(TableNames.Route6, [s_state, new FieldMatch.Lpm(KeyNames.Dst, UInt128.MaxValue << 127, 1)], 0, PipelineActions.Go(1)), null },
        { new(TableNames.Policy4, [s_state, new FieldMatch.Ternary(KeyNames.Proto, 6, 255)], 1, PipelineActions.Punt(64)), null },
        { new(TableNames.Select, [s_state], 0, new ActionSet([new(PipelineActions.Go(1), 1)])), null },
        { new(TableNames.Select, [s_state], 0, new MemberReference(1)), null },
        { new("nat", [], 0, PipelineActions.Deny), "there is no table 'nat'" },
        { new(TableNames.L2, [s_state], 1, PipelineActions.Deny), "l2 takes no priority" },
        { new(TableNames.Policy4, [s_state], 0, PipelineActions.Deny), "policy4 needs a priority of at least 1" },
        { new(TableNames.L2, [], 0, PipelineActions.Deny), "l2.state is missing or out of order" },
        { new(TableNames.L2, [new FieldMatch.Exact(KeyNames.State, 1 << 20)], 0, PipelineActions.Deny), "l2.state: 0x100000 is above 0xfffff" },
        { new(TableNames.L2, [s_state, new FieldMatch.Exact(KeyNames.EthDst, 1)], 0, PipelineActions.Deny), "l2.eth_dst: is a Lpm field" },
        { new(TableNames.L2, [s_state, s_state], 0, PipelineActions.Deny), "l2.state is unknown or out of order" },
        { new(TableNames.L2, [s_state, new FieldMatch.Lpm(KeyNames.EthDst, 1, 47)], 0, PipelineActions.Deny), "l2.eth_dst: bits below the prefix are set" },
        { new(TableNames.L2, [s_state, new FieldMatch.Lpm(KeyNames.EthDst, 0, 0)], 0, PipelineActions.Deny), "l2.eth_dst: prefix length 0 is not in 1..48" },
        { new(TableNames.Policy4, [s_state, new FieldMatch.Ternary(KeyNames.Proto, 6, 0)], 1, PipelineActions.Deny), "policy4.proto: a mask of 0 must be left out" },
        { new(TableNames.L2, [s_state], 0, PipelineActions.GoSrc4(1, 1)), "l2 has no action 'go_src4'" },
        { new(TableNames.L2, [s_state], 0, new ActionCall(ActionNames.Go, [])), "go() does not have the parameters (next)" },
        { new(TableNames.L2, [s_state], 0, PipelineActions.Go(1 << 20)), "go.next: 0x100000 is above 0xfffff" },
        { new(TableNames.L2, [s_state], 0, new MemberReference(1)), "l2 has no action profile" },
        { new(TableNames.Select, [s_state], 0, new ActionSet([])), "select: the set of calls is empty" },
        { new(TableNames.Select, [s_state], 0, new ActionSet([new(PipelineActions.Go(1), 0)])), "weight 0 is below 1" },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void An_entry_fits_the_pipeline_or_the_first_problem_is_told(TableEntry entry, string? problem)
    {
        Assert.Equal(problem, EntryChecks.Problem(entry));
    }
}
