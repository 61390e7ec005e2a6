using GatewayOS.Compiler.Emission;
using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>What leads from one set of entries to another.</summary>
/// <param name="Inserts">Entries that are to be there.</param>
/// <param name="Modifies">Entries whose action is to be another one.</param>
/// <param name="Deletes">Entries that are to go.</param>
public sealed record EntryWrites(IReadOnlyList<TableEntry> Inserts, IReadOnlyList<TableEntry> Modifies, IReadOnlyList<TableEntry> Deletes)
{
    public static EntryWrites Between(InstalledEntries installed, InstalledEntries target) => new(
        [.. target.All.Where(entry => installed.Find(entry.Key) is null)],
        [.. target.All.Where(entry => installed.Find(entry.Key) is { } old && !old.Equals(entry))],
        [.. installed.All.Where(entry => target.Find(entry.Key) is null)]);

    public static EntryWrites Of(IReadOnlyCollection<EntryChange> changes) => new(
        [.. changes.Where(change => change.Old is null).Select(change => change.New!.Entry)],
        [.. changes.Where(change => change is { Old: { } old, New: { } now } && !old.Entry.Equals(now.Entry)).Select(change => change.New!.Entry)],
        [.. changes.Where(change => change.New is null).Select(change => change.Old!.Entry)]);
}
