using GatewayOS.Compiler.Automaton;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Counting;

/// <summary>Packets and octets by logical flow, from the counters of the entries that stand for them.</summary>
/// <remarks>
/// An entry names the flows that a packet passes from the lookup before on, so the sum over the entries that name a flow is the number of times
/// that packets passed it (twice for a packet that meets a flow of a datapath group in two of its datapaths). It does not fall when entries
/// come and go: what an entry had counted stays with its flows.
/// <code>
///   count of a flow = past + sum over its entries (last reading - base)
///       base       the reading when the entry began to stand for these flows
///       past       what entries that are gone, or stand for other flows now, had counted
/// </code>
/// A reading below the last one means that the device has started anew. Memory: an entry each, and a number for each flow that exists.
/// Any thread may call.
/// </remarks>
public sealed class FlowCounters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntryKey, Meter> _meters = [];
    private readonly Dictionary<Guid, CounterValue> _past = [];
    private long _epoch;

    /// <summary>Grows with everything that happens: a reading that began before is not taken for an entry that has changed since.</summary>
    public long Epoch
    {
        get
        {
            lock (_gate)
            {
                return _epoch;
            }
        }
    }

    /// <summary>The device has a new entry, which counts from 0.</summary>
    public void Begin(TableEntry entry, FlowTrail flows)
    {
        lock (_gate)
        {
            End(entry.Key);
            _meters[entry.Key] = new Meter(entry, flows, ++_epoch);
        }
    }

    /// <summary>What an entry has counted; to be called before it is deleted or stands for other flows.</summary>
    public void Read(EntryKey key, CounterValue value)
    {
        lock (_gate)
        {
            if (_meters.TryGetValue(key, out var meter))
            {
                Take(meter, value);
                meter.Since = ++_epoch;
            }
        }
    }

    /// <summary>Likewise, with a reading that may be older than what has happened to the entry since.</summary>
    /// <param name="key">The entry.</param>
    /// <param name="value">Its counter.</param>
    /// <param name="epoch"><see cref="Epoch"/> before the reading began.</param>
    public void Read(EntryKey key, CounterValue value, long epoch)
    {
        lock (_gate)
        {
            if (_meters.TryGetValue(key, out var meter) && meter.Since <= epoch)
            {
                Take(meter, value);
            }
        }
    }

    /// <summary>From the last reading on the entry counts for these flows.</summary>
    public void Change(TableEntry entry, FlowTrail flows)
    {
        lock (_gate)
        {
            if (_meters.TryGetValue(entry.Key, out var meter))
            {
                Credit(meter);
                (meter.Entry, meter.Flows, meter.Base, meter.Since) = (entry, flows, meter.Last, ++_epoch);
            }
            else
            {
                _meters[entry.Key] = new Meter(entry, flows, ++_epoch);
            }
        }
    }

    /// <summary>The entry is gone.</summary>
    public void End(EntryKey key)
    {
        lock (_gate)
        {
            if (_meters.Remove(key, out var meter))
            {
                Credit(meter);
                _epoch++;
            }
        }
    }

    /// <summary>The entries that are counted.</summary>
    public IReadOnlyList<(TableEntry Entry, FlowTrail Flows)> Entries()
    {
        lock (_gate)
        {
            return [.. _meters.Values.Select(meter => (meter.Entry, meter.Flows))];
        }
    }

    /// <summary>Forgets the past of flows that do not exist any more.</summary>
    public void Forget(Func<Guid, bool> isGone)
    {
        lock (_gate)
        {
            foreach (var flow in _past.Keys.Where(isGone).ToList())
            {
                _past.Remove(flow);
            }
        }
    }

    /// <summary>Forgets the past of these flows, which do not exist any more.</summary>
    public void Forget(IEnumerable<Guid> gone)
    {
        lock (_gate)
        {
            foreach (var flow in gone)
            {
                _past.Remove(flow);
            }
        }
    }

    /// <summary>As of the last readings; a flow that an entry stands for is there even with 0.</summary>
    public IReadOnlyDictionary<Guid, CounterValue> Totals()
    {
        lock (_gate)
        {
            var totals = new Dictionary<Guid, CounterValue>(_past);
            foreach (var meter in _meters.Values)
            {
                Add(totals, meter.Flows, meter.Fresh);
            }

            return totals;
        }
    }

    private void Take(Meter meter, CounterValue value)
    {
        if (value.Packets < meter.Last.Packets)
        {
            Credit(meter);
            meter.Base = default;
        }

        meter.Last = value;
    }

    private void Credit(Meter meter)
    {
        if (meter.Fresh != default)
        {
            Add(_past, meter.Flows, meter.Fresh);
        }
    }

    private static void Add(Dictionary<Guid, CounterValue> sums, FlowTrail flows, CounterValue value)
    {
        foreach (var flow in flows)
        {
            var sum = sums.GetValueOrDefault(flow);
            sums[flow] = new CounterValue(sum.Packets + value.Packets, sum.Octets + value.Octets);
        }
    }

    private sealed class Meter(TableEntry entry, FlowTrail flows, long since)
    {
        public TableEntry Entry { get; set; } = entry;

        public FlowTrail Flows { get; set; } = flows;

        public CounterValue Base { get; set; }

        public CounterValue Last { get; set; }

        public long Since { get; set; } = since;

        public CounterValue Fresh => new(Last.Packets - Base.Packets, Last.Octets - Base.Octets);
    }
}
