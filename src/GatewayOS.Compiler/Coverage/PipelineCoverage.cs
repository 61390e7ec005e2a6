using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Coverage;

/// <summary>Follows compiled entries from the entry points to their ends: how many lookups, and what becomes of the packets.</summary>
/// <remarks>
/// Every row of a state counts as reachable, and a miss goes on to the row of the state in a later table, if there is one. What
/// the parser leaves to software (class 0) is no part of it.
/// </remarks>
public sealed class PipelineCoverage
{
    private readonly ILookup<uint, CompiledEntry> _rows;
    private readonly Dictionary<uint, Behind> _memo = [];

    private PipelineCoverage(CompiledPipeline pipeline) =>
        _rows = pipeline.Entries.Where(entry => StateOf(entry.Entry) is not null).ToLookup(entry => StateOf(entry.Entry)!.Value);

    public static EquatableArray<EntryCoverage> Of(CompiledPipeline pipeline)
    {
        var coverage = new PipelineCoverage(pipeline);
        return
        [
            .. pipeline.Entries.Where(entry => entry.Entry.Table is TableNames.EntryPort or TableNames.EntryTunnel)
                .Select(entry => coverage.From((uint)((ActionCall)entry.Entry.Action)[ParameterNames.State])).Select(Summary),
        ];
    }

    private static EntryCoverage Summary(Behind behind) => new(
        (behind.Decides, behind.Tracks, behind.Punts) switch
        {
            (_, true, _) => Share.Connection,
            (true, _, false) => Share.FastPath,
            (true, _, true) => Share.Partly,
            _ => Share.AlwaysPunts,
        },
        behind.Lookups, [.. behind.Reasons.Order(StringComparer.Ordinal)]);

    private Behind From(uint state)
    {
        if (!_memo.TryGetValue(state, out var behind))
        {
            behind = new Behind(0, Decides: false, Tracks: false, Punts: !_rows.Contains(state), []);
            foreach (var row in _rows[state])
            {
                behind = behind.Or(Of(row));
            }

            behind = behind with { Lookups = behind.Lookups + 1 };
            _memo.Add(state, behind);
        }

        return behind;
    }

    private Behind Of(CompiledEntry row)
    {
        var leaf = new Behind(0, Decides: false, Tracks: false, Punts: false, []);
        return row.Entry.Action switch
        {
            ActionCall call => Of(call, leaf, row.Cause),
            ActionSet set => set.Calls.Select(member => Of(member.Call, leaf, row.Cause)).Aggregate((one, other) => one.Or(other)),
            _ => leaf,
        };
    }

    private Behind Of(ActionCall call, Behind leaf, PuntCause? cause) => call.Name switch
    {
        ActionNames.Punt => leaf with { Punts = true, Reasons = cause is null ? [] : [Evaluation.Reasons.Plain(cause.Reason)] },
        ActionNames.Track or ActionNames.TrackEdit => leaf with { Tracks = true },
        ActionNames.Deny or ActionNames.Forward or ActionNames.ForwardEdit => leaf with { Decides = true },
        _ => From((uint)call[ParameterNames.Next]),
    };

    private static uint? StateOf(TableEntry entry) =>
        entry.Match is [FieldMatch.Exact { Field: KeyNames.State } state, ..] ? (uint)state.Value : null;

    private sealed record Behind(int Lookups, bool Decides, bool Tracks, bool Punts, HashSet<string> Reasons)
    {
        // Most rows lead where others have led.
        public Behind Or(Behind other) => Lookups >= other.Lookups && (Decides || !other.Decides) && (Tracks || !other.Tracks) && (Punts || !other.Punts) && Reasons.IsSupersetOf(other.Reasons) ? this : new(
            Math.Max(Lookups, other.Lookups), Decides || other.Decides, Tracks || other.Tracks, Punts || other.Punts, [.. Reasons, .. other.Reasons]);
    }
}
