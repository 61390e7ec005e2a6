using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>A device in memory that executes batches in any order, refuses what <paramref name="refuses"/> says, and is looked at after every write.</summary>
internal sealed class ChaosDevice(Func<EntityUpdate, bool> refuses, Func<IReadOnlyList<EntityUpdate>, IEnumerable<EntityUpdate>> order, Action<ChaosDevice> check) : IDevice
{
    public Dictionary<EntryKey, TableEntry> Entries { get; } = [];

    /// <summary>What was asked and what became of it.</summary>
    public List<string> Log { get; } = [];

    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) =>
        Task.FromResult<IReadOnlyCollection<TableEntry>>([.. Entries.Values]);

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token)
    {
        var outcomes = new Dictionary<EntityUpdate, WriteOutcome>();
        foreach (var update in order(updates))
        {
            outcomes[update] = Execute(update);
            Log.Add($"{update.Kind} {update.Entity} {outcomes[update].Status}");
            check(this);
        }

        return Task.FromResult<IReadOnlyList<WriteOutcome>>([.. updates.Select(update => outcomes[update])]);
    }

    private WriteOutcome Execute(EntityUpdate update)
    {
        var entry = (TableEntry)update.Entity;
        var isThere = Entries.ContainsKey(entry.Key);
        if (isThere != update.Kind is not UpdateKind.Insert)
        {
            throw new InvalidOperationException($"{update.Kind} of {entry.Key}, which is {(isThere ? "there" : "not there")}");
        }

        if (refuses(update))
        {
            return new WriteOutcome(WriteStatus.ResourceExhausted, "injected");
        }

        if (update.Kind == UpdateKind.Delete)
        {
            Entries.Remove(entry.Key);
        }
        else
        {
            Entries[entry.Key] = entry;
        }

        return WriteOutcome.Success;
    }
}
