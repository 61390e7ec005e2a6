using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Counting;

/// <summary>Stands before a device, and reads the counters of entries before they are deleted or changed.</summary>
/// <remarks>
/// Nothing points at an entry when it is deleted (<see cref="WritePlanner"/>), so that its last reading is final. Of a root, what comes between
/// the reading and the write is counted for the new flows, or in the case of a deletion not at all.
/// </remarks>
public sealed class CountingDevice(ICountedDevice device, FlowCounters counters) : IDevice
{
    private Dictionary<EntryKey, CompiledEntry> _expected = [];

    /// <summary>Tells what is about to be installed. Entries that stay as they are but stand for other flows are read now.</summary>
    public async Task ExpectAsync(IEnumerable<CompiledEntry> entries, CancellationToken token)
    {
        _expected = entries.ToDictionary(entry => entry.Entry.Key);
        var changed = counters.Entries().Where(known => _expected.TryGetValue(known.Entry.Key, out var now)
            && now.Entry.Equals(known.Entry) && !now.Flows.Equals(known.Flows)).Select(known => known.Entry).ToList();
        await ReadAsync(changed.Select(entry => entry.Key), token);
        foreach (var entry in changed)
        {
            counters.Change(entry, FlowsOf(entry));
        }
    }

    /// <summary>Likewise, when it is known how that differs from what was expected before.</summary>
    public async Task ExpectAsync(IReadOnlyCollection<EntryChange> changes, CancellationToken token)
    {
        foreach (var (old, now) in changes)
        {
            if (now is not null)
            {
                _expected[now.Entry.Key] = now;
            }
            else
            {
                _expected.Remove(old!.Entry.Key);
            }
        }

        var changed = changes.Where(change => change is { Old: { } old, New: { } now } && old.Entry.Equals(now.Entry) && !old.Flows.Equals(now.Flows))
            .Select(change => change.New!.Entry).ToList();
        await ReadAsync(changed.Select(entry => entry.Key), token);
        foreach (var entry in changed)
        {
            counters.Change(entry, FlowsOf(entry));
        }
    }

    public async Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token)
    {
        var entries = await device.ReadAsync(token);
        var known = counters.Entries().ToDictionary(entry => entry.Entry.Key, entry => entry.Entry);
        var found = new HashSet<EntryKey>();
        foreach (var entry in entries)
        {
            found.Add(entry.Key);
            if (!entry.Equals(known.GetValueOrDefault(entry.Key)))
            {
                counters.Change(entry, FlowsOf(entry));
            }
        }

        foreach (var key in known.Keys.Where(key => !found.Contains(key)))
        {
            counters.End(key);
        }

        return entries;
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token)
    {
        await ReadAsync(updates.Where(update => update.Kind != UpdateKind.Insert).Select(KeyOf), token);
        var outcomes = await device.WriteAsync(updates, token);
        for (var i = 0; i < updates.Count; i++)
        {
            if (outcomes[i].Succeeded)
            {
                Note(updates[i].Kind, (TableEntry)updates[i].Entity);
            }
        }

        // A device may start counting anew when an entry is modified (P4Runtime 1.5, 9.1.4, leaves it open): this reading tells.
        await ReadAsync(updates.Where(update => update.Kind == UpdateKind.Modify).Select(KeyOf), token);
        return outcomes;
    }

    private void Note(UpdateKind kind, TableEntry entry)
    {
        switch (kind)
        {
            case UpdateKind.Insert:
                counters.Begin(entry, FlowsOf(entry));
                break;
            case UpdateKind.Modify:
                counters.Change(entry, FlowsOf(entry));
                break;
            default:
                counters.End(entry.Key);
                break;
        }
    }

    private async Task ReadAsync(IEnumerable<EntryKey> keys, CancellationToken token)
    {
        if (keys.ToList() is { Count: > 0 } asked)
        {
            foreach (var (key, value) in await device.ReadCountersAsync(asked, token))
            {
                counters.Read(key, value);
            }
        }
    }

    // An entry that punts in place of the one that was meant, or that an earlier agent left, stands for no flow.
    private FlowTrail FlowsOf(TableEntry entry) =>
        _expected.TryGetValue(entry.Key, out var meant) && meant.Entry.Equals(entry) ? meant.Flows : FlowTrail.Empty;

    private static EntryKey KeyOf(EntityUpdate update) => ((TableEntry)update.Entity).Key;
}
