using CsCheck;
using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.P4Runtime.Tests;

/// <summary>Against the real simple_switch_grpc.</summary>
public sealed class SimpleSwitchTests(SimpleSwitch device) : IClassFixture<SimpleSwitch>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> CaseNames() => [.. PipelineCases.All.Select(one => one.Name)];

    public static TheoryData<string> TableNamesOfPipeline() => [.. Pipeline.Tables.Select(table => table.Name)];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public async Task Packets_leave_as_the_case_says(string name)
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        var test = PipelineCases.All.Single(one => one.Name == name);
        await WriteAsync(UpdateKind.Insert, test.Entities);
        try
        {
            var before = await device.Session.ReadCounterAsync(CounterNames.Punts, Token);
            var difference = test.Difference(device.Exchange(test.Sent));
            Assert.True(difference is null, difference);
            var after = await device.Session.ReadCounterAsync(CounterNames.Punts, Token);
            var grown = from cell in after
                        let growth = cell.Value.Packets - before.GetValueOrDefault(cell.Key).Packets
                            - (cell.Key == (int)PuntReason.NotIp ? SimpleSwitch.MarkersPunted : 0)
                        where growth != 0
                        select (cell.Key, growth);
            Assert.Equal(test.Reason is { } reason ? [(reason, 1L)] : [], grown);
        }
        finally
        {
            await WriteAsync(UpdateKind.Delete, [.. test.Entities.Reverse()]);
        }
    }

    [Fact]
    public async Task An_outer_checksum_of_0_is_sent_as_all_ones()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        await WriteAsync(UpdateKind.Insert, OuterChecksumCase.Entities);
        try
        {
            Assert.Equal(0xffff, OuterChecksumCase.Of(device.Exchange));
        }
        finally
        {
            await WriteAsync(UpdateKind.Delete, [.. OuterChecksumCase.Entities.Reverse()]);
        }
    }

    [Theory]
    [MemberData(nameof(TableNamesOfPipeline))]
    public async Task Every_table_takes_gives_back_changes_and_loses_entries(string table)
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        var shape = Pipeline.TablesByName[table];
        var entries = EntityGenerators.Entry(shape).Array[40].Single(_ => true, seed: "0N0XIzNsQ0O2").DistinctBy(entry => entry.Key).ToArray();
        Assert.All(entries, entry => Assert.Null(EntryChecks.Problem(entry)));
        await WriteAsync(UpdateKind.Insert, entries);
        try
        {
            Assert.Equal(Sorted(entries), Sorted(await ReadAsync(table)));
            var changed = entries.Select(entry => entry with { Action = entries[0].Action }).ToArray();
            await WriteAsync(UpdateKind.Modify, changed);
            Assert.Equal(Sorted(changed), Sorted(await ReadAsync(table)));
        }
        finally
        {
            await WriteAsync(UpdateKind.Delete, entries);
        }

        Assert.Empty(await ReadAsync(table));
    }

    [Fact]
    public async Task A_read_without_a_table_gives_all_tables()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        TableEntry[] entries = [.. PipelineEntries.EnterPort(1, 10), .. PipelineEntries.PlainOutput()];
        await WriteAsync(UpdateKind.Insert, entries);
        var read = await ReadAsync(null);
        await WriteAsync(UpdateKind.Delete, entries);
        Assert.Equal(Sorted(entries), Sorted(read));
    }

    [Fact]
    public async Task Multicast_groups_are_read_back_changed_and_removed()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        MulticastGroup[] groups = [new(5, [new(1, 7), new(2, 8)]), new(6, [])];
        MulticastGroup[] changed = [new(5, [new(2, 8), new(3, 9)]), new(6, [new(1, 1)])];
        await WriteAsync(UpdateKind.Insert, groups);
        Assert.Equal(groups, await GroupsAsync());
        await WriteAsync(UpdateKind.Modify, changed);
        Assert.Equal(changed, await GroupsAsync());
        await WriteAsync(UpdateKind.Delete, changed);
        Assert.Empty(await GroupsAsync());

        async Task<IEnumerable<MulticastGroup>> GroupsAsync() =>
            await device.Session.ReadMulticastGroupsAsync(Token).OrderBy(group => group.Group).ToArrayAsync(Token);
    }

    [Fact]
    public async Task Meters_are_read_back_changed_and_removed()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        MeterCell[] cells = [.. new uint[] { 1, 29, 1000, 1001, 4_000_003, uint.MaxValue }.Select((rate, i) => new MeterCell(MeterNames.Meters, (uint)(100 + i), rate, Math.Min(rate, MeterCell.LargestBurst)))];
        MeterCell[] changed = [.. cells.Select(cell => cell with { Rate = cell.Rate / 3 * 2, Burst = 17 })];
        await WriteAsync(UpdateKind.Insert, cells);
        Assert.Equal(cells, await CellsAsync());
        await WriteAsync(UpdateKind.Modify, changed);
        Assert.Equal(changed, await CellsAsync());
        await WriteAsync(UpdateKind.Delete, changed);

        // Two that were never written are among them.
        async Task<IReadOnlyList<MeterCell>> CellsAsync() =>
            await device.Session.ReadMetersAsync(MeterNames.Meters, [.. cells.Select(cell => cell.Index), 4000, Metering.Last - 1], Token);
    }

    [Fact]
    public async Task Members_and_groups_of_a_profile_are_read_back()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        ProfileMember[] members =
        [
            new(ProfileNames.SelectProfile, 1, PipelineActions.Go(11)), new(ProfileNames.SelectProfile, 2, PipelineActions.Go(12)),
        ];
        var group = new ProfileGroup(ProfileNames.SelectProfile, 3, 8, [new(1, 2), new(2, 1)]);
        TableEntry[] entries =
        [
            PipelineEntries.Stage(TableNames.Select, 10, new GroupReference(3)), PipelineEntries.Stage(TableNames.Select, 20, new MemberReference(2)),
        ];
        await WriteAsync(UpdateKind.Insert, members);
        await WriteAsync(UpdateKind.Insert, [group]);
        await WriteAsync(UpdateKind.Insert, entries);
        var profile = await device.Session.ReadProfileAsync(ProfileNames.SelectProfile, Token).ToArrayAsync(Token);
        var read = await ReadAsync(TableNames.Select);
        await WriteAsync(UpdateKind.Delete, entries);
        await WriteAsync(UpdateKind.Delete, [group]);
        await WriteAsync(UpdateKind.Delete, members);
        Assert.Equal([.. members, group], profile);
        Assert.Equal(Sorted(entries), Sorted(read));
    }

    [Fact]
    public async Task Every_update_of_a_write_has_its_own_outcome()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        var entry = PipelineEntries.PlainOutput().First();
        var absent = entry with { Match = [new FieldMatch.Exact(KeyNames.Out, 99)] };
        var outcomes = await device.Session.WriteAsync(
            [new(UpdateKind.Insert, entry), new(UpdateKind.Insert, entry), new(UpdateKind.Delete, absent), new(UpdateKind.Delete, entry)], Token);
        Assert.Equal(
            [WriteStatus.Ok, WriteStatus.AlreadyExists, WriteStatus.NotFound, WriteStatus.Ok], outcomes.Select(outcome => outcome.Status));
    }

    [Fact]
    public async Task Direct_counters_count_the_packets_of_an_entry()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        var entries = PipelineEntries.EnterPort(1, 10).ToArray();
        await WriteAsync(UpdateKind.Insert, entries);
        var frame = new TestFrame().ToBytes();
        device.Exchange(new PortFrame(1, frame));
        device.Exchange(new PortFrame(1, frame));
        var read = await device.Session.ReadEntriesAsync(TableNames.EntryPort, counters: true, Token).ToArrayAsync(Token);
        await WriteAsync(UpdateKind.Delete, entries);
        Assert.Equal(
            [new CounterValue(0, 0), new CounterValue(2, 2 * frame.Length)], read.Select(entry => entry.Hits!.Value).OrderBy(hits => hits.Packets));
    }

    [Fact]
    public async Task An_idle_entry_is_reported_and_stays()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        var entry = EntityGenerators.Entry(Pipeline.TablesByName[TableNames.Connection4]).Single(_ => true, seed: "0N0XIzNsQ0O2") with
        {
            IdleTimeout = TimeSpan.FromSeconds(1),
        };
        await WriteAsync(UpdateKind.Insert, [entry]);
        var reported = await device.Session.NotificationsAsync(Token).OfType<SwitchNotification.IdleTimeout>().FirstAsync(Token);
        var read = await ReadAsync(TableNames.Connection4);
        await WriteAsync(UpdateKind.Delete, [entry]);
        Assert.Equal([entry.Key], reported.Entries);
        Assert.Equal([entry], read);
    }

    [Fact]
    public async Task The_same_program_is_not_loaded_again_and_a_backup_cannot_write()
    {
        Assert.SkipUnless(SimpleSwitch.CanRun, "needs simple_switch_grpc and root");
        await using var backup = await device.ConnectAsync(50);
        Assert.False(backup.IsPrimary);
        Assert.False(await backup.LoadPipelineAsync(TestPipeline.Gateway, Token));
        var failure = await Assert.ThrowsAsync<P4RuntimeException>(
            () => backup.WriteAsync([new(UpdateKind.Insert, PipelineEntries.PlainOutput().First())], Token));
        Assert.Equal(P4RuntimeFault.NotPrimary, failure.Fault);
        Assert.Equal(Pipeline.Tables.Count, (await backup.AdoptPipelineAsync(Token)).Shapes.Count);
    }

    private static IEnumerable<string> Sorted(IEnumerable<TableEntry> entries) =>
        entries.Select(entry => $"{entry} {entry.IdleTimeout}").Order();

    private async Task<TableEntry[]> ReadAsync(string? table) =>
        await device.Session.ReadEntriesAsync(table, counters: false, Token).Select(entry => entry.Entry).ToArrayAsync(Token);

    private async Task WriteAsync(UpdateKind kind, IReadOnlyList<PipelineEntity> entities)
    {
        var outcomes = await device.Session.WriteAsync([.. entities.Select(entity => new EntityUpdate(kind, entity))], Token);
        Assert.All(outcomes.Zip(entities), pair => Assert.True(pair.First.Succeeded, $"{pair.Second}: {pair.First}"));
    }
}
