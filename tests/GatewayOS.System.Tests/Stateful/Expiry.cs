using System.Globalization;
using GatewayOS.Connections;
using GatewayOS.Lab.Running;
using GatewayOS.Vswitchd;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Knows which connections are about to expire in a tracker, or have and are not yet removed there: what a packet of them does is not defined.</summary>
/// <remarks>
/// <para>
/// QUIRK(ovs-vswitchd before 3.1.3): a connection that is committed with NAT, which OVN does in every zone (<c>nat(src=0.0.0.0)</c> where nothing is to be translated), has a second entry for its answers (lib/conntrack.c,
/// conn_not_found: nat_conn of CT_CONN_TYPE_UN_NAT). That one never expires (conn_expired); it goes with the first, when the thread ct_clean, which looks every 20 s (conntrack_clean), finds that one expired.
/// A packet that comes between the two finds the second alone. Where nothing is translated both have one hash, as conn_key_hash is symmetric: process_one then takes the second for the connection, and the
/// assertion in conn_update_state ends ovs-vswitchd, on a stock chassis as on any. Where something is translated, an echo goes out untranslated, since its identifier is still taken (nat_get_unique_tuple), TCP and UDP get another port, and an answer
/// is invalid; until when is not the same on both sides, whose threads do not look at the same time. In 3.1.3 (commit 6753b1086) there are no second entries any more.
/// </para>
/// <para>A tracker lists a connection until it expires (conntrack_dump_next), so those that are no longer listed are remembered until they are surely removed.</para>
/// </remarks>
/// <param name="labs">Both sides.</param>
internal sealed class Expiry(IReadOnlyList<LabNetwork> labs)
{
    /// <summary>An agent shows the tracker every 10 s what its device has forwarded, later on a busy machine; that too would be such a packet. And this looks every <see cref="s_interval"/>.</summary>
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(20);

    /// <summary>The 20 s of ct_clean, and some for a machine that is busy.</summary>
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string Tracker, ushort Zone, ConnectionTuple Original), TimeSpan> _ends = [];
    private readonly HashSet<(byte Protocol, ushort Port)> _near = [];
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private TimeSpan _last = -s_interval;
    private bool _isLate;

    private TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    public bool IsNear(Talk talk) => talk.Ports.Any(port => _near.Contains((talk.Protocol, port)));

    /// <summary>When the connections of a talk end, and where they are tracked, for a death to be understood.</summary>
    public string Describe(Talk talk)
    {
        var (now, ports) = (Now, talk.Ports.ToHashSet());
        return string.Join(", ", _ends
            .Where(one => (byte)one.Key.Original.Protocol == talk.Protocol && (ports.Contains(one.Key.Original.SourcePort) || ports.Contains(one.Key.Original.DestinationPort)))
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key.Tracker} zone {one.Key.Zone} {one.Key.Original} in {(one.Value - now).TotalSeconds:f1} s")));
    }

    /// <exception cref="UnixctlException">An ovs-vswitchd does not answer.</exception>
    public async Task LookAsync(CancellationToken token)
    {
        if (Now - _last < s_interval)
        {
            return;
        }

        // What a look has not seen shorten may have expired since: no timeout is shorter than 30 s.
        _isLate = Now - _last > s_before;
        _last = Now;
        await Task.WhenAll(from lab in labs from chassis in lab.Topology.Chassis select LookAsync($"{lab.FolderOf(chassis.Name)}/vswitchd.ctl", token));
        _near.Clear();
        foreach (var ((_, _, original), end) in _ends.Where(one => Now > one.Value - s_before))
        {
            _near.Add(((byte)original.Protocol, original.SourcePort));
            _near.Add(((byte)original.Protocol, original.DestinationPort));
        }

        // That of all servers tells nothing.
        _near.RemoveWhere(one => Route.ServerPorts.Contains(one.Port));
    }

    private async Task LookAsync(string tracker, CancellationToken token)
    {
        var entries = await new DatapathConntrack(new UnixctlClient(tracker)).DumpAsync(null, token);
        lock (_ends)
        {
            var now = Now;
            var listed = entries.Select(entry => (tracker, entry.Connection.Zone, entry.Connection.Original)).ToHashSet();
            foreach (var (key, end) in _ends.Where(one => one.Key.Tracker == tracker && !listed.Contains(one.Key)).ToList())
            {
                // What was to live on and is gone was removed, with all it had: its zone was emptied.
                if ((end > now + s_before && !_isLate) || end + s_after < now)
                {
                    _ends.Remove(key);
                }
                else if (end > now)
                {
                    _ends[key] = now;
                }
            }

            foreach (var entry in entries)
            {
                _ends[(tracker, entry.Connection.Zone, entry.Connection.Original)] = now + (entry.Timeout ?? TimeSpan.Zero);
            }
        }
    }
}
