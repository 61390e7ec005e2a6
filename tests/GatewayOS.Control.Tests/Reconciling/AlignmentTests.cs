using CsCheck;
using GatewayOS.Control.Reconciling;
using GatewayOS.Core;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Control.Tests.Reconciling;

public sealed class AlignmentTests
{
    private const int Numbers = 1 << 15;

    private static readonly Gen<byte[]> s_octets = Gen.Byte.Array[300, 900];

    [Fact]
    public void What_is_held_under_other_numbers_is_found() => s_octets.Sample(
        octets =>
        {
            var desired = Network.Generate(new Choices(octets), Numbers, [], new HashSet<uint>());
            // Every number is another one; some of the new ones are others' old ones.
            var ids = desired.Select(EntryGraph.GroupOf).OfType<EntryGroup>().Where(group => !group.IsRoot).Select(group => (uint)group.Id).Distinct().Order().ToArray();
            var others = ids.Select((id, i) => (id, To: i % 3 == 0 ? id + Numbers : ids[(i + 1) % ids.Length])).ToDictionary(pair => pair.id, pair => pair.To);
            others = others.DistinctBy(pair => pair.Value).ToDictionary();
            uint Rename(uint id) => others.GetValueOrDefault(id, id + 2 * Numbers);
            var held = desired.Select(entry => Renumbered(entry, (_, id) => Rename(id))).ToHashSet();

            var found = Alignment.Of(new InstalledEntries(desired), new InstalledEntries(held)).Numbers;
            var aligned = desired.Select(entry => Renumbered(entry, (kind, id) => found.GetValueOrDefault(new EntryGroup(kind, id), id)));
            Assert.Equal(held, aligned.ToHashSet());
        },
        iter: 200);

    [Fact]
    public void Nothing_moves_when_nothing_differs() => s_octets.Sample(
        octets =>
        {
            var entries = Network.Generate(new Choices(octets), Numbers, [], new HashSet<uint>());
            Assert.Empty(Alignment.Of(new InstalledEntries(entries), new InstalledEntries(entries)).Numbers);
        },
        iter: 50);

    [Fact]
    public void A_state_that_does_something_else_is_not_taken_for_it_but_what_is_behind_it_is()
    {
        TableEntry[] desired = [Root(1), .. State(1, 7, next: 2), .. State(2, 9, next: null)];
        TableEntry[] held = [Root(11), .. State(11, 8, next: 12), .. State(12, 9, next: null)];
        Assert.Equal([KeyValuePair.Create(new EntryGroup(GroupKind.State, 2), 12u)], Alignment.Of(new InstalledEntries(desired), new InstalledEntries(held)).Numbers);
    }

    private static TableEntry Root(uint state) => new(
        TableNames.EntryPort,
        [new FieldMatch.Exact(KeyNames.IngressPort, 1), new FieldMatch.Exact(KeyNames.VlanValid, 0), new FieldMatch.Exact(KeyNames.VlanId, 0), new FieldMatch.Exact(KeyNames.Class, 1)],
        0, PipelineActions.Enter(state, 1, 0, 0));

    /// <summary>A state that drops one destination and hands the rest on, or punts it.</summary>
    private static IEnumerable<TableEntry> State(uint state, uint dropped, uint? next)
    {
        var table = next is null ? TableNames.Transit4 : TableNames.Route4;
        yield return new TableEntry(table, [new FieldMatch.Exact(KeyNames.State, state), new FieldMatch.Lpm(KeyNames.Dst, dropped, 32)], 0, PipelineActions.Deny);
        yield return new TableEntry(table, [new FieldMatch.Exact(KeyNames.State, state)], 0, next is { } id ? PipelineActions.Go(id) : PipelineActions.Punt(64));
    }

    private static TableEntry Renumbered(TableEntry entry, Func<GroupKind, uint, uint> rename) => entry with
    {
        Match = EntryGraph.GroupOf(entry) is { IsRoot: false } group
            ? [((FieldMatch.Exact)entry.Match[0]) with { Value = rename(KindOf(group.Kind), (uint)group.Id) }, .. entry.Match.Skip(1)] : entry.Match,
        Action = entry.Action is ActionCall call
            ? call with { Arguments = call.Arguments.Select(argument => IsNumber(argument) ? argument with { Value = rename(KindOf(argument.Name), (uint)argument.Value) } : argument).ToEquatableArray() }
            : entry.Action,
    };

    // Space 0 is none, and meter 0.
    private static bool IsNumber(ActionArgument argument) =>
        EntryGraph.IsNumber(argument.Name) && (argument.Name is not (ParameterNames.Space or ParameterNames.Meter or ParameterNames.Meter2) || argument.Value != 0);

    private static GroupKind KindOf(GroupKind kind) => kind == GroupKind.Framing ? GroupKind.Output : kind;

    private static GroupKind KindOf(string parameter) => parameter switch
    {
        ParameterNames.Out => GroupKind.Output,
        ParameterNames.Encap => GroupKind.Encapsulation,
        ParameterNames.Space => GroupKind.Space,
        ParameterNames.Meter or ParameterNames.Meter2 => GroupKind.Meter,
        _ => GroupKind.State,
    };
}
