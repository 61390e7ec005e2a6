using System.Runtime.InteropServices;
using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>Who points at each group: other groups, each with the number of its rows that do, and roots of their own.</summary>
internal sealed class EntryPointers
{
    private static readonly Users s_none = new();
    private readonly Dictionary<EntryGroup, Users> _users = [];

    /// <param name="entry">Comes, or goes.</param>
    /// <param name="sign">1, or -1.</param>
    public void Count(TableEntry entry, int sign)
    {
        var group = EntryGraph.GroupOf(entry);
        foreach (var target in EntryGraph.TargetsOf(entry))
        {
            ref var users = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, target, out _);
            users ??= new Users();
            if (group is { } own)
            {
                Count(users.Groups, own, sign);
            }
            else
            {
                Count(users.Roots, entry.Key, sign);
            }

            if (users.Groups.Count + users.Roots.Count == 0)
            {
                _users.Remove(target);
            }
        }
    }

    public IEnumerable<EntryGroup> GroupsAt(EntryGroup target) => _users.GetValueOrDefault(target, s_none).Groups.Keys;

    /// <summary>The roots that are rows of no group.</summary>
    public IEnumerable<EntryKey> RootsAt(EntryGroup target) => _users.GetValueOrDefault(target, s_none).Roots.Keys;

    private static void Count<TUser>(Dictionary<TUser, int> users, TUser user, int sign)
        where TUser : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(users, user, out _);
        count += sign;
        if (count == 0)
        {
            users.Remove(user);
        }
    }

    private sealed class Users
    {
        public Dictionary<EntryGroup, int> Groups { get; } = [];

        public Dictionary<EntryKey, int> Roots { get; } = [];
    }
}
