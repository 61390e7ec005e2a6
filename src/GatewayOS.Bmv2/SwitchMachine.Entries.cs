using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Runtime;
using GatewayOS.Bmv2.Tables;
using GatewayOS.P4;

namespace GatewayOS.Bmv2;

/// <summary>Entries of tables. Every method runs with packets kept out.</summary>
public sealed partial class SwitchMachine
{
    private void Insert(TableEntry entry)
    {
        var table = Mutable(entry.Table);
        var (value, mask, ranges, priority) = EntryCodec.Match(table.Definition, entry.Match, entry.Priority);
        RequireTimeout(table, entry);
        var added = new Entry(table.Definition.Key, value, mask, ranges, priority)
        {
            Binding = new Binding(null, []),
            IdleTimeout = entry.IdleTimeout.Ticks / TimeSpan.TicksPerMicrosecond,
            LastHit = Now,
            Meter = table.Definition.Meter is null ? null : new Meter(),
        };
        if (table.Entries.FindSame(added) is not null)
        {
            throw new ControlException(ControlCode.AlreadyExists, $"the table '{table.Definition.Name}' has this entry: {entry.Key}");
        }

        if (table.Entries.Count >= table.Definition.Size)
        {
            throw new ControlException(ControlCode.ResourceExhausted, $"the table '{table.Definition.Name}' holds its {table.Definition.Size} entries");
        }

        added.Binding = Bind(table, entry.Action);
        table.Entries.Add(added);
    }

    private void Modify(TableEntry entry)
    {
        var table = Mutable(entry.Table);
        var found = Same(table, entry.Key) ?? throw ControlException.NotFound($"the table '{table.Definition.Name}' has no such entry: {entry.Key}");
        RequireTimeout(table, entry);
        var old = found.Binding;
        found.Binding = Bind(table, entry.Action);
        Unbind(table, old);
        found.IdleTimeout = entry.IdleTimeout.Ticks / TimeSpan.TicksPerMicrosecond;
        (found.LastHit, found.IdleReported) = (Now, false);
    }

    private void Delete(EntryKey key)
    {
        var table = Mutable(key.Table);
        var found = Same(table, key) ?? throw ControlException.NotFound($"the table '{table.Definition.Name}' has no such entry: {key}");
        table.Entries.Remove(found);
        Unbind(table, found.Binding);
    }

    private MatchTable Mutable(string name)
    {
        var table = Table(name);
        if (table.Definition.ConstEntries.Length > 0)
        {
            throw new ControlException(ControlCode.PermissionDenied, $"the entries of '{table.Definition.Name}' are constant");
        }

        return table.Definition.Key.Fields.Length > 0
            ? table
            : throw ControlException.Invalid($"the table '{table.Definition.Name}' has no key, so no entries");
    }

    private static void RequireTimeout(MatchTable table, TableEntry entry)
    {
        if (entry.IdleTimeout != TimeSpan.Zero && !table.Definition.SupportsTimeout)
        {
            throw ControlException.Invalid($"the table '{table.Definition.Name}' does not support idle timeouts");
        }
    }

    private static Entry? Same(MatchTable table, EntryKey key)
    {
        var (value, mask, ranges, priority) = EntryCodec.Match(table.Definition, key.Match, key.Priority);
        return table.Entries.FindSame(new Entry(table.Definition.Key, value, mask, ranges, priority) { Binding = new Binding(null, []) });
    }

    private static Binding Bind(MatchTable table, TableAction action)
    {
        var where = $"the table '{table.Definition.Name}'";
        switch (action)
        {
            case ActionCall call when table.Profile is null:
                var (code, data) = EntryCodec.Call(table.Definition.Actions, call, where);
                return table.Bind(code, data);
            case MemberReference reference when table.Profile is { } profile:
                return Use(profile.Member(reference.Member));
            case GroupReference reference when table.Profile is { } profile:
                return Use(profile.Group(reference.Group));
            case ActionSet set when table.Profile is { Selector: not null } profile:
                return Use(OneShot(table, profile, set, where));
            default:
                throw ControlException.Invalid(table.Profile is null
                    ? $"{where} has no action profile, so an entry has to name an action"
                    : $"{where} has the action profile '{table.Profile.Name}', and an entry cannot name its action so");
        }
    }

    private static Binding Use(ProfileTarget target)
    {
        target.Users++;
        return new Binding(null, [], target);
    }

    private static ProfileTarget.Group OneShot(MatchTable table, ActionProfile profile, ActionSet set, string where)
    {
        if (set.Calls.Count == 0 || set.Calls.Any(call => call.Weight < 1))
        {
            throw ControlException.Invalid($"a set of actions in {where} is empty or has a weight below 1");
        }

        var calls = set.Calls.Select(call => (Call: EntryCodec.Call(table.Definition.Actions, call.Call, where), call.Weight)).ToArray();
        var group = new ProfileTarget.Group(null);
        try
        {
            foreach (var ((action, data), weight) in calls)
            {
                group.Set([.. group.Members, (profile.NewMember(null, action, data), weight)]);
            }
        }
        catch (ControlException)
        {
            profile.Release(group);
            throw;
        }

        return group;
    }

    private static void Unbind(MatchTable table, Binding binding)
    {
        if (binding.Target is { } target)
        {
            target.Users--;
            if (target is ProfileTarget.Group { Id: null } group)
            {
                table.Profile!.Release(group);
            }
        }
    }

    private EntryReading Read(MatchTable table, Entry entry) => new(
        EntryCodec.ToTableEntry(table.Definition, entry),
        table.Definition.CountsPackets ? new CounterValue(entry.Packets, entry.Octets) : null,
        entry.Meter?.Rates,
        TimeSpan.FromMicroseconds(Now - entry.LastHit),
        entry.IsConstant);

    /// <summary>The JSON gives the first entry the smallest number; here the largest wins.</summary>
    private static void AddConstantEntries(MatchTable table)
    {
        foreach (var part in table.Definition.ConstEntries)
        {
            var shape = table.Definition.Key;
            var matches = new List<FieldMatch>();
            var keys = part["match_key"].Items.ToArray();
            for (var i = 0; i < shape.Fields.Length; i++)
            {
                var (field, key) = (shape.Fields[i], keys[i]);
                switch (field.Kind)
                {
                    case KeyKind.Exact:
                        matches.Add(new FieldMatch.Exact(field.Name, (UInt128)key["key"].Hex));
                        break;
                    case KeyKind.Lpm when key["prefix_length"].Integer > 0:
                        matches.Add(new FieldMatch.Lpm(field.Name, (UInt128)key["key"].Hex, key["prefix_length"].Integer));
                        break;
                    case KeyKind.Ternary when !key["mask"].Hex.IsZero:
                        matches.Add(new FieldMatch.Ternary(field.Name, (UInt128)key["key"].Hex, (UInt128)key["mask"].Hex));
                        break;
                    case KeyKind.Range:
                        matches.Add(new FieldMatch.Range(field.Name, (UInt128)key["start"].Hex, (UInt128)key["end"].Hex));
                        break;
                }
            }

            var priority = shape.HasPriority ? (1 << 24) - part["priority"].Integer : 0;
            var binding = table.Definition.ReadAction(part["action_entry"]);
            try
            {
                var (value, mask, ranges, rank) = EntryCodec.Match(table.Definition, matches, priority);
                table.Entries.Add(new Entry(shape, value, mask, ranges, rank)
                {
                    Binding = table.Bind(binding.Action!, binding.Data),
                    IsConstant = true,
                });
            }
            catch (ControlException exception)
            {
                throw part.Error(exception.Message);
            }
        }
    }
}
