using GatewayOS.Compiler;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Control.Ports;
using GatewayOS.Control.Reconciling;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.P4;
using GatewayOS.Testing;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>Invariant I7 must not cost exactness: a compiler that has followed changes has the entries of one that starts with the last version.</summary>
public sealed class FollowingTests(RoutedNetwork network) : IClassFixture<RoutedNetwork>
{
    // A stale result needs a rare sequence: one history in a hundred showed the only one found.
    private const int Steps = 12, Histories = 40;

    [Fact]
    public void After_each_change_of_a_small_network()
    {
        var device = PortsFileReader.Read(File.ReadAllText(network.PortsFile)).View;
        for (var seed = 1; seed <= Histories; seed++)
        {
            Follow(network.Southbound, "gw1", device, seed);
        }
    }

    [Theory]
    [InlineData("basic-23.03", 1)]
    [InlineData("basic-25.03", 2)]
    [InlineData("neutron-23.03", 3)]
    [InlineData("neutron-25.03", 4)]
    [InlineData("ovn-kubernetes-23.03", 5)]
    [InlineData("ovn-kubernetes-25.03", 6)]
    public async Task After_each_change_of_a_real_one(string name, int seed)
    {
        Assert.SkipUnless(Corpus.IsThere, "the southbound databases are not on this machine (GATEWAYOS_CORPUS)");
        var corpus = Corpus.All.Single(one => one.Name == name);
        var southbound = await corpus.LoadAsync(TestContext.Current.CancellationToken);
        Follow(southbound, corpus.Chassis, AssumedDevice.Of(southbound, corpus.Chassis), seed);
    }

    [Fact]
    public void After_packets_went_round_and_no_longer_do()
    {
        var device = PortsFileReader.Read(File.ReadAllText(network.PortsFile)).View;
        var whole = network.Southbound;
        // A router that sends back what it gets, and does not lower the TTL; the switch hands it over again.
        var round = whole with { LogicalFlows = whole.LogicalFlows.With([.. whole.LogicalFlows.Select(Round)]) };
        var following = new PipelineCompiler();
        var expected = Contents(following.Compile(whole, "gw1", device));
        var looping = following.Compile(round, "gw1", device);
        Assert.Contains(looping.Entries, entry => entry.Cause?.Reason == Reasons.TooManyDatapaths);
        Assert.Equal(Contents(new PipelineCompiler().Compile(round, "gw1", device)), Contents(looping));
        Assert.Equal(expected, Contents(following.Compile(whole, "gw1", device)));

        static LogicalFlow Round(LogicalFlow flow) => flow.ExternalIds.Find("stage-name") switch
        {
            "ls_in_l2_lkup" => flow with { Match = "1", Actions = "outport = \"pub-lr\"; flags.loopback = 1; output;" },
            "lr_in_admission" => flow with { Match = "1", Actions = "outport = inport; flags.loopback = 1; output;" },
            _ => flow,
        };
    }

    [Fact]
    public void After_a_version_that_could_not_be_compiled()
    {
        var device = PortsFileReader.Read(File.ReadAllText(network.PortsFile)).View;
        var whole = network.Southbound;
        var changed = whole with
        {
            LogicalFlows = whole.LogicalFlows.Without([.. whole.LogicalFlows.Where(flow => flow.ExternalIds.Find("stage-name") == "ls_in_l2_lkup").Select(flow => flow.Uuid)]),
        };
        var following = new PipelineCompiler();
        following.Compile(whole, "gw1", device);
        Assert.Throws<NullReferenceException>(() => following.Compile(changed, "gw1", device with { Ports = [null!, .. device.Ports] }));
        Assert.Equal(Contents(new PipelineCompiler().Compile(changed, "gw1", device)), Contents(following.Compile(changed, "gw1", device)));
    }

    private static void Follow(Southbound southbound, string chassis, DeviceView device, int seed)
    {
        var random = new Dice((ulong)seed);
        var following = new PipelineCompiler();
        var first = following.Compile(southbound, chassis, device);
        var entries = first.Entries.ToDictionary(entry => entry.Entry.Key);
        var memory = new StrictDevice();
        var reconciler = new Reconciler(memory);
        Reconcile(reconciler, memory, first);
        var now = southbound;
        for (var step = 0; step < Steps; step++)
        {
            (now, var what) = Change(now, southbound, random);
            var compiled = following.Compile(now, chassis, device);
            Apply(compiled, entries);
            Reconcile(reconciler, memory, compiled);
            var followed = Contents(compiled);
            var expected = Contents(new PipelineCompiler().Compile(now, chassis, device));
            Assert.True(
                expected.SequenceEqual(followed),
                $"seed {seed}, step {step}, {what}: {expected.Except(followed).Count()} entries missing, such as {expected.Except(followed).FirstOrDefault()}; "
                + $"{followed.Except(expected).Count()} too many, such as {followed.Except(expected).FirstOrDefault()}");
        }
    }

    private static void Reconcile(Reconciler reconciler, StrictDevice memory, CompiledPipeline compiled)
    {
        var desired = compiled.Entries.Select(entry => entry.Entry);
        var report = reconciler.ReconcileAsync(desired, compiled.Changes is { } changes ? EntryWrites.Of(changes) : null, TestContext.Current.CancellationToken);
        Assert.True(report.GetAwaiter().GetResult() is { IsComplete: true, Missing: 0 });
        Assert.Equal(desired.ToHashSet(), [.. memory.Entries]);
    }

    // What is said to have changed leads from the entries before to those of now.
    private static void Apply(CompiledPipeline compiled, Dictionary<EntryKey, CompiledEntry> entries)
    {
        if (compiled.Changes is not { } changes)
        {
            entries.Clear();
            changes = [.. compiled.Entries.Select(entry => new EntryChange(null, entry))];
        }

        foreach (var (old, now) in changes)
        {
            Assert.Equal(old, entries.GetValueOrDefault((old ?? now)!.Entry.Key));
            if (now is null)
            {
                entries.Remove(old!.Entry.Key);
            }
            else
            {
                entries[now.Entry.Key] = now;
            }
        }

        Assert.Equal(compiled.Entries.Count, entries.Count);
        Assert.Equal(compiled.Entries.ToHashSet(), [.. entries.Values]);
    }

    // Takes something away, or brings back all of its kind that was taken away.
    private static (Southbound Changed, string What) Change(Southbound now, Southbound all, Dice random)
    {
        switch (random.Below(12))
        {
            case 0 or 1 or 2:
                var flows = Some(now.LogicalFlows, random, 1 + random.Below(5));
                return (now with { LogicalFlows = now.LogicalFlows.Without([.. flows.Select(flow => flow.Uuid)]) }, "flows deleted");
            case 3:
                return (now with { LogicalFlows = all.LogicalFlows }, "flows restored");
            case 4 when now.MacBindings.Count > 0:
                return (now with { MacBindings = now.MacBindings.Without(Some(now.MacBindings, random, 1)[0].Uuid) }, "neighbour forgotten");
            case 5:
                return (now with { MacBindings = all.MacBindings, PortBindings = all.PortBindings, LogicalDpGroups = all.LogicalDpGroups }, "rows restored");
            case 6 when now.PortBindings.Count > 0:
                var port = Some(now.PortBindings, random, 1)[0];
                return (now with { PortBindings = now.PortBindings.With(port with { Chassis = null }) }, $"port {port.LogicalPort} unbound");
            case 7 when now.AddressSets.Count > 0:
                var set = Some(now.AddressSets, random, 1)[0];
                return (now with { AddressSets = now.AddressSets.With(set with { Addresses = [.. set.Addresses.Where((_, i) => i % 3 != 1)] }) }, $"set {set.Name} cut");
            case 8 when now.LogicalDpGroups.Count > 0:
                var group = Some(now.LogicalDpGroups, random, 1)[0];
                return (now with { LogicalDpGroups = now.LogicalDpGroups.With(group with { Datapaths = [.. group.Datapaths.Skip(1)] }) }, "group of datapaths cut");
            case 9 when now.PortGroups.Count > 0:
                var ports = Some(now.PortGroups, random, 1)[0];
                return (now with { PortGroups = now.PortGroups.With(ports with { Ports = [.. ports.Ports.Skip(1)] }) }, $"port group {ports.Name} cut");
            case 10 when now.PortBindings.Any(IsMachine):
                var (moved, to) = (Some(now.PortBindings.Where(IsMachine), random, 1)[0], Some(now.Chassis, random, 1)[0].Uuid);
                return (now with { PortBindings = now.PortBindings.With(moved with { AdditionalChassis = [to], RequestedAdditionalChassis = [to] }) }, $"port {moved.LogicalPort} is being moved");
            case 11 when now.PortBindings.Any(IsMachine):
                var (vtep, tor) = (Some(now.PortBindings.Where(IsMachine), random, 1)[0], Some(now.Chassis, random, 1)[0].Uuid);
                return (now with
                {
                    PortBindings = now.PortBindings.With(vtep with { Type = "vtep", Chassis = tor }),
                    Encaps = now.Encaps.With([.. now.Encaps.Select(encap => encap with { Type = "vxlan" })]),
                }, $"port {vtep.LogicalPort} is one of a VTEP switch");
            default:
                if (now.PortBindings.Count == 0)
                {
                    goto case 5;
                }

                var peer = Some(now.PortBindings, random, 1)[0];
                return (now with { PortBindings = now.PortBindings.Without(peer.Uuid) }, $"port {peer.LogicalPort} deleted");
        }
    }

    private static bool IsMachine(PortBinding port) => port.Type == "";

    private static List<TRow> Some<TRow>(IEnumerable<TRow> rows, Dice random, int count)
    {
        var all = rows.ToList();
        return [.. Enumerable.Range(0, count).Select(_ => all[random.Below(all.Count)]).Distinct()];
    }

    // Which number a content has depends on what was there before: entries are compared by what they point at, and that likewise.
    private static List<string> Contents(CompiledPipeline pipeline)
    {
        var (contents, groups) = (new List<string>(), new Dictionary<EntryGroup, ulong>());
        foreach (var (entry, flows, cause) in pipeline.Entries.OrderBy(compiled => EntryGraph.Level(compiled.Entry)))
        {
            var group = EntryGraph.GroupOf(entry) is { IsRoot: false } one ? one : (EntryGroup?)null;
            var calls = entry.Action is ActionSet set ? set.Calls.Select(member => member.Call).ToList() : [(ActionCall)entry.Action];
            var arguments = calls.SelectMany(call => call.Arguments).Where(argument => !EntryGraph.IsNumber(argument.Name));
            var content = $"{entry.Table} {string.Join(' ', entry.Match.Skip(group is null ? 0 : 1))} {entry.Priority} {string.Join(' ', calls.Select(call => call.Name))}"
                + $" {string.Join(' ', arguments)} -> {string.Join(' ', EntryGraph.TargetsOf(entry).Select(target => groups.GetValueOrDefault(target)))}"
                + $" {cause?.Reason} {string.Join(' ', flows)}";
            contents.Add(content);
            if (group is { } own)
            {
                // A sum, because the order of rows says nothing.
                groups[own] = groups.GetValueOrDefault(own) + ((ulong)(uint)content.GetHashCode(StringComparison.Ordinal) * 0x9e37_79b9_7f4a_7c15);
            }
        }

        contents.Sort(StringComparer.Ordinal);
        return contents;
    }
}
