using GatewayOS.Bmv2.Runtime;
using GatewayOS.P4;

namespace GatewayOS.Bmv2.Control;

/// <summary>The members and groups of an action profile or selector (P4Runtime 1.4, 9.2).</summary>
internal sealed class ActionProfile(string name, int maxSize, Calculation? selector)
{
    private readonly SortedDictionary<uint, ProfileTarget.Member> _members = [];
    private readonly SortedDictionary<uint, ProfileTarget.Group> _groups = [];
    private readonly SortedSet<int> _handles = [];

    public string Name => name;

    public Calculation? Selector => selector;

    public IEnumerable<ProfileTarget.Member> Members => _members.Values;

    public IEnumerable<ProfileTarget.Group> Groups => _groups.Values;

    public ProfileTarget.Member Member(uint id) => _members.TryGetValue(id, out var member)
        ? member
        : throw ControlException.NotFound($"the action profile '{name}' has no member {id}");

    public ProfileTarget.Group Group(uint id) => _groups.TryGetValue(id, out var group)
        ? group
        : throw ControlException.NotFound($"the action profile '{name}' has no group {id}");

    public void Insert(uint id, ActionDefinition action, ulong[] data)
    {
        if (_members.ContainsKey(id))
        {
            throw new ControlException(ControlCode.AlreadyExists, $"the action profile '{name}' has a member {id}");
        }

        _members.Add(id, NewMember(id, action, data));
    }

    /// <summary>A member that counts against the size of the profile, with or without an id.</summary>
    public ProfileTarget.Member NewMember(uint? id, ActionDefinition action, ulong[] data)
    {
        if (_handles.Count >= maxSize)
        {
            throw new ControlException(ControlCode.ResourceExhausted, $"the action profile '{name}' holds its {maxSize} members");
        }

        var handle = 0;
        foreach (var used in _handles)
        {
            if (used != handle)
            {
                break;
            }

            handle++;
        }

        _handles.Add(handle);
        return new ProfileTarget.Member(id, handle) { Action = action, Data = data };
    }

    public void Delete(uint id)
    {
        var member = Member(id);
        RequireUnused(member, $"member {id}");
        _members.Remove(id);
        _handles.Remove(member.Handle);
    }

    /// <summary>Gives up the members that an entry held itself.</summary>
    public void Release(ProfileTarget.Group oneShot)
    {
        foreach (var (member, _) in oneShot.Members)
        {
            _handles.Remove(member.Handle);
        }
    }

    public void Insert(ProfileGroup group)
    {
        if (_groups.ContainsKey(group.Group))
        {
            throw new ControlException(ControlCode.AlreadyExists, $"the action profile '{name}' has a group {group.Group}");
        }

        if (selector is null)
        {
            throw ControlException.Invalid($"the action profile '{name}' has no selector, so no groups");
        }

        var target = new ProfileTarget.Group(group.Group) { MaxSize = group.MaxSize };
        SetMembers(target, group);
        _groups.Add(group.Group, target);
    }

    public void Modify(ProfileGroup group) => SetMembers(Group(group.Group), group);

    public void DeleteGroup(uint id)
    {
        var group = Group(id);
        RequireUnused(group, $"group {id}");
        foreach (var (member, _) in group.Members)
        {
            member.Users--;
        }

        _groups.Remove(id);
    }

    private void SetMembers(ProfileTarget.Group target, ProfileGroup group)
    {
        var members = group.Members.Select(member => (Member: Member(member.Member), member.Weight)).ToArray();
        if (members.Any(member => member.Weight < 1) || members.DistinctBy(member => member.Member).Count() != members.Length)
        {
            throw ControlException.Invalid($"group {group.Group} of '{name}' has a weight below 1 or a member twice");
        }

        if (target.MaxSize > 0 && members.Sum(member => member.Weight) > target.MaxSize)
        {
            throw new ControlException(ControlCode.ResourceExhausted, $"group {group.Group} of '{name}' exceeds its size {target.MaxSize}");
        }

        foreach (var (member, _) in target.Members)
        {
            member.Users--;
        }

        foreach (var (member, _) in members)
        {
            member.Users++;
        }

        target.Set([.. members.OrderBy(member => member.Member.Handle)]);
    }

    private void RequireUnused(ProfileTarget target, string what)
    {
        if (target.Users > 0)
        {
            throw new ControlException(ControlCode.FailedPrecondition, $"{what} of the action profile '{name}' is in use");
        }
    }
}
