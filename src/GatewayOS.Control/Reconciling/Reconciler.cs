using GatewayOS.Core;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Reconciling;

/// <summary>Brings a device from whatever it holds to the desired entries, so that every packet meanwhile is handled soundly.</summary>
/// <remarks>
/// What the device holds is read back once, and again after it was lost or refused something. A refused write narrows what
/// is attempted (<see cref="Degradation"/>) until the device takes the rest; <see cref="Retry"/> attempts everything again.
/// One caller at a time.
/// </remarks>
public sealed class Reconciler(IDevice device)
{
    // A device may limit the size of a message (gRPC: 4 MiB by default), and a cancelled caller should not wait long.
    private const int BatchLength = 2000;

    private readonly Dictionary<EntryKey, RefusedWrite> _refused = [];
    private readonly Dictionary<EntryKey, RefusedWrite> _stuck = [];
    private readonly Dictionary<EntryKey, TableEntry> _punting = [];
    private static readonly Dictionary<EntryKey, TableEntry> s_none = [];

    private InstalledEntries? _installed;

    // The device holds what was desired the last time, and nothing else.
    private bool _isInStep;

    /// <summary>What the device is known to hold; null before it was read.</summary>
    public IReadOnlyCollection<TableEntry>? Installed => _installed?.All;

    /// <summary>Whether the device is known to hold an entry of this key.</summary>
    public bool Holds(EntryKey key) => _installed?.Find(key) is not null;

    /// <summary>Forgets what the device holds: it was lost, or another may have written it.</summary>
    public void Forget()
    {
        Retry();
        _installed = null;
        _isInStep = false;
        _punting.Clear();
    }

    /// <summary>Lets the next reconciliation attempt again what the device refused.</summary>
    public void Retry()
    {
        // A refusal may also mean that the device does not hold what it was thought to.
        if (_refused.Count + _stuck.Count > 0)
        {
            _installed = null;
            _isInStep = false;
            _refused.Clear();
            _stuck.Clear();
        }
    }

    /// <summary>Reads back what the device holds, unless that is known.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task<InstalledEntries> ReadAsync(CancellationToken token) => _installed ??= new InstalledEntries(await device.ReadAsync(token));

    /// <param name="desired">All that the device should hold.</param>
    /// <param name="token">Ends the wait.</param>
    /// <exception cref="P4RuntimeException">The device is gone, or another controller has it.</exception>
    public Task<ReconcileReport> ReconcileAsync(IEnumerable<TableEntry> desired, CancellationToken token) => ReconcileAsync(desired, null, token);

    /// <param name="desired">All that the device should hold. Looked at only when the difference is not enough.</param>
    /// <param name="difference">How it differs from what was desired the last time, if that is known.</param>
    /// <param name="token">Ends the wait.</param>
    /// <exception cref="P4RuntimeException">The device is gone, or another controller has it.</exception>
    public async Task<ReconcileReport> ReconcileAsync(IEnumerable<TableEntry> desired, EntryWrites? difference, CancellationToken token)
    {
        var installed = await ReadAsync(token);
        var done = new int[(int)UpdateKind.Delete + 1];
        var missing = 0;
        if (difference is null || !_isInStep || !await ExecuteAsync(difference, s_none, installed, done, token))
        {
            missing = await ReachAsync([.. desired], installed, done, token);
            _isInStep = missing == 0 && _refused.Count + _stuck.Count + _punting.Count == 0;
        }

        return new ReconcileReport(
            done[(int)UpdateKind.Insert], done[(int)UpdateKind.Modify], done[(int)UpdateKind.Delete],
            _refused.Values.Concat(_stuck.Values).ToEquatableArray(), missing);
    }

    // How many of the entries are not there in the end.
    private async Task<int> ReachAsync(List<TableEntry> desired, InstalledEntries installed, int[] done, CancellationToken token)
    {
        if (_refused.Count + _stuck.Count + _punting.Count == 0 && IsAll(desired, installed))
        {
            return 0;
        }

        Degradation target;
        int known;
        do
        {
            known = _refused.Count + _stuck.Count;
            var pinned = installed.Closure(_stuck.Keys).Select(key => installed.Find(key)!).ToList();
            target = Degradation.Of(desired, _refused.Keys.ToHashSet(), pinned);
            ForgetOtherMeanings(target);
        }
        while (!await ExecuteAsync(EntryWrites.Between(installed, target.Entries), target.Punting, installed, done, token) && HasLearned(known));

        return desired.Count(entry => !entry.Equals(installed.Find(entry.Key)));
    }

    // After a restart, and when everything was computed anew, mostly nothing is different.
    private static bool IsAll(List<TableEntry> desired, InstalledEntries installed)
    {
        var seen = new HashSet<EntryKey>(desired.Count);
        foreach (var entry in desired)
        {
            var key = entry.Key;
            if (!seen.Add(key) || !entry.Equals(installed.Find(key)))
            {
                return false;
            }
        }

        return seen.Count == installed.Count;
    }

    // A device that refuses what it refused before (the delete of a root that must not lead on) would keep us here for ever.
    private bool HasLearned(int known) => _refused.Count + _stuck.Count > known;

    // Stops after the first batch with a refusal: what was to follow may depend on it.
    private async Task<bool> ExecuteAsync(
        EntryWrites writes, IReadOnlyDictionary<EntryKey, TableEntry> punting, InstalledEntries installed, int[] done, CancellationToken token)
    {
        var plan = WritePlanner.Plan(installed, writes, _punting);
        foreach (var updates in plan.SelectMany(batch => batch.Chunk(BatchLength)))
        {
            IReadOnlyList<WriteOutcome> outcomes;
            try
            {
                outcomes = await device.WriteAsync(updates, token);
            }
            catch
            {
                Forget();
                throw;
            }

            if (!Take(updates, outcomes, punting, installed, done))
            {
                return false;
            }
        }

        return true;
    }

    private bool Take(EntityUpdate[] updates, IReadOnlyList<WriteOutcome> outcomes, IReadOnlyDictionary<EntryKey, TableEntry> punting, InstalledEntries installed, int[] done)
    {
        var succeeded = true;
        for (var i = 0; i < updates.Length; i++)
        {
            var (kind, entry) = (updates[i].Kind, (TableEntry)updates[i].Entity);
            if (!outcomes[i].Succeeded)
            {
                succeeded = false;
                (kind == UpdateKind.Delete ? _stuck : _refused)[entry.Key] = new RefusedWrite(kind, entry.Key, outcomes[i].Status, outcomes[i].Message);
                continue;
            }

            done[(int)kind]++;
            _punting.Remove(entry.Key);
            if (kind == UpdateKind.Delete)
            {
                installed.Remove(entry.Key);
            }
            else
            {
                installed.Set(entry);
                if (punting.TryGetValue(entry.Key, out var meant))
                {
                    _punting[entry.Key] = meant;
                }
            }
        }

        return succeeded;
    }

    // A row that punts now in place of another entry than before may become neither of the two without being taken out of use.
    private void ForgetOtherMeanings(Degradation target)
    {
        foreach (var (key, meant) in _punting)
        {
            if (target.Entries.Find(key) is { } entry && !entry.Equals(meant) && !meant.Equals(target.Punting.GetValueOrDefault(key)))
            {
                _punting.Remove(key);
            }
        }
    }
}
