using CsCheck;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.Control.Counting;
using GatewayOS.Control.Reconciling;
using GatewayOS.Control.Tests.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using GatewayOS.Testing.Pipeline;
using Xunit;

namespace GatewayOS.Control.Tests.Counting;

public sealed class CountingDeviceTests
{
    private static readonly Guid[] s_flows = [.. Enumerable.Range(0, 5).Select(i => new Guid(i, 0, 0, new byte[8]))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_flow_counts_each_packet_exactly_once_whatever_happens_to_its_entries() => Gen.Byte.Array[40, 200].Sample(source =>
    {
        var choices = new Choices(source);
        var counters = new FlowCounters();
        var device = new MemoryDevice(startsAnewOnModify: choices.OneIn(2));
        var (counting, reconciler) = Start(device, counters);
        var expected = new Dictionary<Guid, CounterValue>();
        CompiledEntry[] wanted = [];
        for (var step = 0; step < 20; step++)
        {
            switch (choices.Below(8))
            {
                case 0:
                    // What was not read before is lost with the device; what was read is not.
                    Read(device, counters);
                    device.Restart();
                    (counting, reconciler) = Start(device, counters);
                    Install(counting, reconciler, wanted);
                    break;
                case 1:
                    Read(device, counters);
                    break;
                case 2:
                    // Another agent life on the device as it is, by way of a new session.
                    (counting, reconciler) = Start(device, counters);
                    Install(counting, reconciler, wanted);
                    break;
                case 3 or 4:
                    wanted = RandomEntries(choices);
                    Install(counting, reconciler, wanted);
                    break;
                default:
                    Traffic(device, wanted, choices, expected);
                    break;
            }
        }

        Read(device, counters);
        Assert.Equal(
            expected.Where(pair => pair.Value != default).OrderBy(pair => pair.Key),
            counters.Totals().Where(pair => pair.Value != default).OrderBy(pair => pair.Key));
    }, iter: 300);

    [Fact]
    public void What_an_earlier_agent_counted_belongs_to_the_flows_of_the_same_entries()
    {
        var device = new MemoryDevice(startsAnewOnModify: false);
        var entry = Entry(1, 70, s_flows[0]);
        var (counting, reconciler) = Start(device, new FlowCounters());
        Install(counting, reconciler, entry);
        device.Hit(entry.Entry.Key);

        var counters = new FlowCounters();
        (counting, reconciler) = Start(device, counters);
        Install(counting, reconciler, entry);
        Read(device, counters);
        Assert.Equal(new CounterValue(1, 100), counters.Totals()[s_flows[0]]);
    }

    [Fact]
    public void Flows_that_are_gone_are_forgotten_and_those_without_packets_count_0()
    {
        var counters = new FlowCounters();
        var device = new MemoryDevice(startsAnewOnModify: false);
        var (counting, reconciler) = Start(device, counters);
        var entry = Entry(1, 70, s_flows[0]);
        Install(counting, reconciler, entry);
        device.Hit(entry.Entry.Key);
        Install(counting, reconciler, Entry(2, 70, s_flows[1]));
        Assert.Equal(1, counters.Totals()[s_flows[0]].Packets);
        counters.Forget(flow => flow == s_flows[0]);
        Assert.Equal([(s_flows[1], default(CounterValue))], counters.Totals().Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void A_reading_that_began_before_an_entry_changed_is_not_taken_for_it()
    {
        var counters = new FlowCounters();
        var entry = Entry(1, 70, s_flows[0]);
        counters.Begin(entry.Entry, entry.Flows);
        counters.Read(entry.Entry.Key, new CounterValue(9, 900));
        var epoch = counters.Epoch;
        counters.Read(entry.Entry.Key, new CounterValue(12, 1200));
        counters.Change(entry.Entry, FlowTrail.Empty.Before(s_flows[1]));
        counters.Read(entry.Entry.Key, new CounterValue(10, 1000), epoch);
        Assert.Equal((12L, 0L), (counters.Totals()[s_flows[0]].Packets, counters.Totals()[s_flows[1]].Packets));
    }

    private static (CountingDevice Counting, Reconciler Reconciler) Start(MemoryDevice device, FlowCounters counters)
    {
        var counting = new CountingDevice(device, counters);
        return (counting, new Reconciler(counting));
    }

    private static void Install(CountingDevice counting, Reconciler reconciler, params CompiledEntry[] entries)
    {
        counting.ExpectAsync(entries, Token).GetAwaiter().GetResult();
        Assert.True(reconciler.ReconcileAsync([.. entries.Select(entry => entry.Entry)], Token).GetAwaiter().GetResult().IsComplete);
    }

    private static void Traffic(MemoryDevice device, CompiledEntry[] wanted, Choices choices, Dictionary<Guid, CounterValue> expected)
    {
        foreach (var entry in wanted.Where(_ => choices.OneIn(2)))
        {
            device.Hit(entry.Entry.Key);
            foreach (var flow in entry.Flows)
            {
                var sum = expected.GetValueOrDefault(flow);
                expected[flow] = new CounterValue(sum.Packets + 1, sum.Octets + 100);
            }
        }
    }

    // As the reporter does it.
    private static void Read(MemoryDevice device, FlowCounters counters)
    {
        var epoch = counters.Epoch;
        foreach (var entry in device.Entries)
        {
            counters.Read(entry.Key, device[entry.Key], epoch);
        }
    }

    private static CompiledEntry[] RandomEntries(Choices choices) =>
    [
        .. Enumerable.Range(1, 4).Where(_ => choices.OneIn(2))
            .Select(port => Entry((uint)port, (ushort)(70 + choices.Below(2)), [.. s_flows.Where(_ => choices.OneIn(2))])),
    ];

    // Roots that punt point at nothing, so that any set of them can be installed.
    private static CompiledEntry Entry(uint port, ushort reason, params Guid[] flows) => new(
        PipelineEntries.Entry(
            TableNames.EntryPort, PipelineActions.Punt(reason),
            PipelineEntries.Is(KeyNames.IngressPort, port), PipelineEntries.Is(KeyNames.VlanValid, 0), PipelineEntries.Is(KeyNames.VlanId, 0), PipelineEntries.Is(KeyNames.Class, 1)),
        flows.Reverse().Aggregate(FlowTrail.Empty, (trail, flow) => trail.Before(flow)), null);
}
