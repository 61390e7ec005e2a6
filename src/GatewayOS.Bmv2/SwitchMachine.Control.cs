using GatewayOS.Bmv2.Control;
using GatewayOS.Bmv2.Runtime;
using GatewayOS.Bmv2.Tables;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Bmv2;

/// <summary>What the control plane writes and reads. Names are full names of the program, or their last components.</summary>
public sealed partial class SwitchMachine
{
    /// <summary>The full names of the tables, in no order.</summary>
    public IReadOnlyCollection<string> Tables => _tables.Keys;

    public IReadOnlyCollection<string> Profiles => _profiles.Keys;

    public ControlResult Insert(PipelineEntity entity) => Write(() =>
    {
        switch (entity)
        {
            case TableEntry entry:
                Insert(entry);
                break;
            case ProfileMember member:
                var profile = Profile(member.Profile);
                var (action, data) = EntryCodec.Call(ActionsOf(profile), member.Call, $"the action profile '{profile.Name}'");
                profile.Insert(member.Member, action, data);
                break;
            case ProfileGroup group:
                Profile(group.Profile).Insert(group);
                break;
            case MulticastGroup group:
                if (!_groups.TryAdd(CheckedGroup(group), [.. group.Replicas]))
                {
                    throw new ControlException(ControlCode.AlreadyExists, $"there is a multicast group {group.Group}");
                }

                break;
            case MeterCell cell:
                Configure(cell.Key, RatesOf(cell));
                break;
        }
    });

    public ControlResult Modify(PipelineEntity entity) => Write(() =>
    {
        switch (entity)
        {
            case TableEntry entry:
                Modify(entry);
                break;
            case ProfileMember member:
                var profile = Profile(member.Profile);
                var target = profile.Member(member.Member);
                (target.Action, target.Data) = EntryCodec.Call(ActionsOf(profile), member.Call, $"the action profile '{profile.Name}'");
                break;
            case ProfileGroup group:
                Profile(group.Profile).Modify(group);
                break;
            case MulticastGroup group:
                RequireGroup(group.Group);
                _groups[CheckedGroup(group)] = [.. group.Replicas];
                break;
            case MeterCell cell:
                Configure(cell.Key, RatesOf(cell));
                break;
        }
    });

    public ControlResult Delete(EntityKey key) => Write(() =>
    {
        switch (key)
        {
            case EntryKey entry:
                Delete(entry);
                break;
            case ProfileMemberKey member:
                Profile(member.Profile).Delete(member.Member);
                break;
            case ProfileGroupKey group:
                Profile(group.Profile).DeleteGroup(group.Group);
                break;
            case MulticastGroupKey group:
                RequireGroup(group.Group);
                _groups.Remove((int)group.Group);
                break;
            case MeterKey cell:
                Configure(cell, null);
                break;
        }
    });

    /// <summary>Changes what a miss does; null takes back what the program says.</summary>
    public ControlResult SetDefault(string table, ActionCall? call) => Write(() =>
    {
        var found = Table(table);
        if (found.Definition.IsDefaultConst)
        {
            throw new ControlException(ControlCode.PermissionDenied, $"the default action of '{found.Definition.Name}' is constant");
        }

        if (found.Profile is not null)
        {
            throw new ControlException(ControlCode.Unimplemented, $"'{found.Definition.Name}' has an action profile, its default action cannot be changed");
        }

        if (call is null)
        {
            found.ResetDefault();
            return;
        }

        var (action, data) = EntryCodec.Call(found.Definition.Actions, call, $"the table '{found.Definition.Name}'");
        found.SetDefault(action, data);
    });

    /// <summary>What a miss does, null for nothing.</summary>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public ActionCall? GetDefault(string table)
    {
        using var writing = Enter();
        return Existing(table).Default is { Action: { } action } binding ? EntryCodec.ToCall(action, binding.Data) : null;
    }

    /// <exception cref="ArgumentException">There is no such table.</exception>
    public IReadOnlyList<EntryReading> ReadEntries(string table)
    {
        using var writing = Enter();
        var found = Existing(table);
        return [.. found.Entries.Entries().OrderBy(entry => entry.Sequence).Select(entry => Read(found, entry))];
    }

    /// <summary>The entry with this key, or null.</summary>
    /// <exception cref="ArgumentException">There is no such table, or the key does not fit it.</exception>
    public EntryReading? Read(EntryKey key)
    {
        using var writing = Enter();
        var table = Existing(key.Table);
        try
        {
            return Same(table, key) is { } entry ? Read(table, entry) : null;
        }
        catch (ControlException exception)
        {
            throw new ArgumentException(exception.Message, nameof(key), exception);
        }
    }

    public IReadOnlyList<ProfileMember> ReadMembers(string profile)
    {
        using var writing = Enter();
        return ExistingProfile(profile) is var found
            ? [.. found.Members.Select(member => new ProfileMember(found.Name, member.Id!.Value, EntryCodec.ToCall(member.Action, member.Data)))]
            : [];
    }

    public IReadOnlyList<ProfileGroup> ReadGroups(string profile)
    {
        using var writing = Enter();
        var found = ExistingProfile(profile);
        return [.. found.Groups.Select(group => new ProfileGroup(
            found.Name,
            group.Id!.Value,
            group.MaxSize,
            group.Members.Select(member => new GroupMember(member.Member.Id!.Value, member.Weight)).OrderBy(member => member.Member).ToEquatableArray()))];
    }

    public IReadOnlyList<MulticastGroup> ReadMulticastGroups()
    {
        using var writing = Enter();
        return [.. _groups.OrderBy(group => group.Key).Select(group => new MulticastGroup((uint)group.Key, group.Value.ToEquatableArray()))];
    }

    /// <summary>Sets where the copies of a clone session go; null removes it.</summary>
    public ControlResult SetMirror(int session, MirrorSession? mirror) => Write(() =>
    {
        if (session is < 0 or > 0x7fff)
        {
            throw ControlException.Invalid($"a clone session is 0 to 32767, not {session}");
        }

        _mirrors.Remove(session);
        if (mirror is not null)
        {
            _mirrors.Add(session, mirror);
        }
    });

    public MirrorSession? GetMirror(int session)
    {
        using var writing = Enter();
        return _mirrors.GetValueOrDefault(session);
    }

    public IReadOnlyList<int> MirrorSessions
    {
        get
        {
            using var writing = Enter();
            return [.. _mirrors.Keys.Order()];
        }
    }

    /// <summary>Replaces what a parser's value set holds.</summary>
    public ControlResult SetValueSet(string set, IReadOnlyCollection<(UInt128 Value, UInt128 Mask)> members) => Write(() =>
    {
        var found = Array.Find(_objects.ValueSets, candidate => EntryCodec.IsNamed(candidate.Name, set))
            ?? throw ControlException.NotFound($"there is no value set '{set}'");
        if (members.Count > found.Size)
        {
            throw new ControlException(ControlCode.ResourceExhausted, $"the value set '{found.Name}' holds {found.Size} members");
        }

        found.Members = [.. members.Select(member => (member.Value & member.Mask, member.Mask))];
    });

    /// <summary>The entries that have become idle since the last call, each reported once until a packet hits it again.</summary>
    public IReadOnlyList<TableEntry> CollectIdle()
    {
        using var writing = Enter();
        var now = Now;
        var idle = new List<TableEntry>();
        foreach (var table in _tables.Values.Where(table => table.Definition.SupportsTimeout))
        {
            foreach (var entry in table.Entries.Entries())
            {
                if (entry.IdleTimeout > 0 && !entry.IdleReported && now - entry.LastHit >= entry.IdleTimeout)
                {
                    entry.IdleReported = true;
                    idle.Add(EntryCodec.ToTableEntry(table.Definition, entry));
                }
            }
        }

        return idle;
    }

    /// <summary>Keeps packets out until disposed.</summary>
    private WriterScope Enter()
    {
        Interlocked.Increment(ref _waitingWriters);
        _turnstile.Enter();
        _gate.Enter();
        return new WriterScope(this);
    }

    private ControlResult Write(Action action)
    {
        using var writing = Enter();
        try
        {
            action();
            return ControlResult.Ok;
        }
        catch (ControlException exception)
        {
            return new ControlResult(exception.Code, exception.Message);
        }
    }

    private readonly ref struct WriterScope(SwitchMachine machine) : IDisposable
    {
        public void Dispose()
        {
            machine._gate.Exit();
            machine._turnstile.Exit();
            Interlocked.Decrement(ref machine._waitingWriters);
        }
    }

    private static T Find<T>(Dictionary<string, T> named, string name, string kind)
    {
        if (named.TryGetValue(name, out var found))
        {
            return found;
        }

        var candidates = named.Where(candidate => EntryCodec.IsNamed(candidate.Key, name)).Select(candidate => candidate.Value).ToArray();
        return candidates.Length == 1 ? candidates[0] : throw ControlException.NotFound($"there is no single {kind} '{name}'");
    }

    private MatchTable Table(string name) => Find(_tables, name, "table");

    private ActionProfile Profile(string name) => Find(_profiles, name, "action profile");

    private MatchTable Existing(string name)
    {
        try
        {
            return Table(name);
        }
        catch (ControlException exception)
        {
            throw new ArgumentException(exception.Message, nameof(name), exception);
        }
    }

    private ActionProfile ExistingProfile(string name)
    {
        try
        {
            return Profile(name);
        }
        catch (ControlException exception)
        {
            throw new ArgumentException(exception.Message, nameof(name), exception);
        }
    }

    private IEnumerable<ActionDefinition> ActionsOf(ActionProfile profile) =>
        _tables.Values.Where(table => table.Profile == profile).SelectMany(table => table.Definition.Actions);

    // A cell exists as long as the program runs, so it is never too many and never missing.
    private void Configure(MeterKey cell, MeterRates? rates)
    {
        var meters = Array.Find(_objects.Meters, candidate => EntryCodec.IsNamed(candidate.Name, cell.Meter))
            ?? throw ControlException.NotFound($"there is no meter '{cell.Meter}'");
        if (cell.Index >= meters.Size)
        {
            throw ControlException.Invalid($"the index {cell.Index} of '{meters.Name}' is not below {meters.Size}");
        }

        meters[(int)cell.Index].Configure(rates, Now);
    }

    // Of one rate: nothing is yellow.
    private static MeterRates RatesOf(MeterCell cell)
    {
        var (rate, burst) = (cell.Rate * MeterCell.OctetsPerKilobit, cell.Burst * MeterCell.OctetsPerKilobit);
        return new MeterRates(rate, burst, rate, burst);
    }

    private void RequireGroup(uint group)
    {
        if (!_groups.ContainsKey((int)group))
        {
            throw ControlException.NotFound($"there is no multicast group {group}");
        }
    }

    private static int CheckedGroup(MulticastGroup group) => group.Group is > 0 and <= 0xffff
        && group.Replicas.All(replica => replica.Port <= 511 && replica.Instance <= 0xffff)
        ? (int)group.Group
        : throw ControlException.Invalid($"a multicast group is 1 to 65535, its ports 0 to 511, its instances 0 to 65535; group {group.Group} is not so");
}
