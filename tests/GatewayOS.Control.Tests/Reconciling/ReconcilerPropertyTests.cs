using CsCheck;
using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using Xunit;

namespace GatewayOS.Control.Tests.Reconciling;

public sealed class ReconcilerPropertyTests
{
    private const int ManyNumbers = 1 << 20, FewNumbers = 60;

    // Each run looks at every packet after every write, so there are few; a longer search wants a larger iter.
    private static readonly Gen<byte[]> s_octets = Gen.Byte.Array[300, 900];

    [Fact]
    public void At_every_moment_a_packet_meets_the_old_or_the_new_configuration() => s_octets.Sample(
        octets => Run(octets, ManyNumbers, refuses: (_, _, _) => false, mayPunt: false), iter: 40);

    [Fact]
    public void When_numbers_are_used_again_a_packet_meets_the_old_or_the_new_configuration_or_punts() => s_octets.Sample(
        octets => Run(octets, FewNumbers, refuses: (_, _, _) => false, mayPunt: true), iter: 40);

    [Fact]
    public void A_row_that_changes_under_the_number_of_its_state_stops_no_packet() => s_octets.Sample(
        octets => Run(octets, ManyNumbers, refuses: (_, _, _) => false, mayPunt: false, rowsInPlace: 1), iter: 40);

    [Fact]
    public void While_several_rows_change_in_place_a_packet_meets_the_old_or_the_new_configuration_or_punts() => s_octets.Sample(
        octets => Run(octets, ManyNumbers, refuses: (_, _, _) => false, mayPunt: true, rowsInPlace: 4), iter: 40);

    // One in six writes fails: enough that most updates meet several failures, few enough that most of each update happens.
    [Fact]
    public void When_the_device_refuses_writes_a_packet_meets_a_configuration_or_punts_and_the_end_is_reached_when_it_stops() => s_octets.Sample(
        octets => Run(octets, FewNumbers, refuses: (choices, _, _) => choices.OneIn(6), mayPunt: true), iter: 40);

    // bmv2 and hardware refuse what does not fit, and never a delete.
    [Fact]
    public void When_a_table_is_full_a_packet_meets_a_configuration_or_punts_and_the_end_is_reached_when_it_stops() => s_octets.Sample(
        octets => Run(octets, ManyNumbers, refuses: (_, kind, entries) => kind == UpdateKind.Insert && entries > 15, mayPunt: true), iter: 40);

    // Without any change of the device's mind the reconciler has to give up, or it would write for ever.
    [Fact]
    public void When_the_device_refuses_everything_from_some_point_on_a_packet_meets_a_configuration_or_punts_and_the_end_is_reached_when_it_stops() => s_octets.Sample(
        octets => Run(octets, FewNumbers, refuses: (_, _, entries) => entries > 15, mayPunt: true), iter: 40);

    private static void Run(byte[] octets, int numbers, Func<Choices, UpdateKind, int, bool> refuses, bool mayPunt, int rowsInPlace = 0)
    {
        var choices = new Choices(octets);
        var isRefusing = true;
        var allowed = Walk.Packets.Select(_ => new HashSet<string> { Walk.Punt }).ToArray();
        ChaosDevice? device = null;
        device = new ChaosDevice(
            update => isRefusing && refuses(choices, update.Kind, device!.Entries.Count),
            updates => choices.Shuffle(updates),
            state => Check(state, allowed));
        var reconciler = new Reconciler(device);
        IReadOnlyList<TableEntry>? before = null;
        var ids = new Dictionary<string, uint>();
        var taken = new HashSet<uint>();
        for (var round = 0; round < 4; round++)
        {
            // One entry of a space is one write; several under the same number can only be written while packets punt.
            var desired = before is not null && rowsInPlace > 0 && !choices.OneIn(3) ? Network.WithOtherRows(before, choices, 1 + choices.Below(rowsInPlace))
                : before is not null && rowsInPlace == 0 && choices.OneIn(3)
                ? Network.WithOtherClasses(before, choices, mayPunt ? 1 + choices.Below(2) : 1)
                : Network.Generate(choices, numbers, mayPunt ? [] : ids, taken);
            var difference = before is null || choices.OneIn(4) ? null : EntryWrites.Between(new InstalledEntries(before), new InstalledEntries(desired));
            taken.UnionWith(mayPunt || before is null ? [] : NumbersWithOtherContent(desired, before));
            before = desired;
            var results = Walk.All(desired);
            for (var i = 0; i < allowed.Length; i++)
            {
                allowed[i].Add(results[i]);
            }

            if (choices.OneIn(3))
            {
                // As a restarted agent, which knows nothing.
                reconciler = new Reconciler(device);
            }

            isRefusing = true;
            device.Log.Add($"-- configuration {round} on {device.Entries.Count} entries");
            Reconcile(reconciler, desired, difference);
            device.Log.Add("-- retry");
            isRefusing = false;
            reconciler.Retry();
            Assert.True(Reconcile(reconciler, desired).IsComplete);
            Assert.Equal(desired.ToHashSet(), [.. device.Entries.Values]);
            Assert.Equal(0, Reconcile(reconciler, desired).Writes);
            Assert.Equal(0, Reconcile(new Reconciler(device), desired).Writes);
            for (var i = 0; i < allowed.Length; i++)
            {
                allowed[i] = mayPunt ? [results[i], Walk.Punt] : [results[i]];
            }
        }
    }

    // A space or a state that got another content under its number; the compiler does not give that number to the old content again.
    private static IEnumerable<uint> NumbersWithOtherContent(IReadOnlyList<TableEntry> desired, IReadOnlyList<TableEntry> before)
    {
        var changed = desired.Except(before).Concat(before.Except(desired)).ToList();
        return Numbers(changed, TableNames.DstClass4).Concat(Network.Stages.SelectMany(
            stage => Numbers(changed, stage).Intersect(Numbers(desired, stage)).Intersect(Numbers(before, stage))));
    }

    private static IEnumerable<uint> Numbers(IEnumerable<TableEntry> entries, string table) =>
        entries.Where(entry => entry.Table == table).Select(entry => (uint)((FieldMatch.Exact)entry.Match[0]).Value);

    private static ReconcileReport Reconcile(Reconciler reconciler, IReadOnlyCollection<TableEntry> desired, EntryWrites? difference = null)
    {
        var task = reconciler.ReconcileAsync(desired, difference, TestContext.Current.CancellationToken);
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static void Check(ChaosDevice device, HashSet<string>[] allowed)
    {
        var results = Walk.All(device.Entries.Values);
        for (var i = 0; i < results.Length; i++)
        {
            if (!allowed[i].Contains(results[i]))
            {
                Assert.Fail($"packet {Walk.Packets[i]}: {results[i]}, not one of {string.Join(", ", allowed[i])}, after\n{string.Join('\n', device.Log)}");
            }
        }
    }
}
