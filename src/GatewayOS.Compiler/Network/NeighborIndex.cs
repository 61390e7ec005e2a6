using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>Learned and configured neighbours by router port, and learned addresses by switch.</summary>
public sealed class NeighborIndex
{
    private readonly Dictionary<string, List<MacBinding>> _learned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<StaticMacBinding>> _configured = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<Fdb>> _fdb = [];
    private readonly Dictionary<(string Port, int Width), Neighbor[]> _read = [];

    /// <summary>The neighbours of a router port by address; of those with the same address those that override others first, then the learned ones: the first wins, as OVN's priorities have it.</summary>
    public IReadOnlyList<Neighbor> Of(string port, int width)
    {
        if (!_read.TryGetValue((port, width), out var neighbors))
        {
            _read.Add((port, width), neighbors = [.. Read(port, width).OrderBy(neighbor => neighbor.Ip)]);
        }

        return neighbors;
    }

    private IEnumerable<Neighbor> Read(string port, int width)
    {
        var configured = _configured.GetValueOrDefault(port) ?? [];
        var over = configured.Where(row => row.OverrideDynamicMac).Select(row => (row.Ip, row.Mac));
        var learned = (_learned.GetValueOrDefault(port) ?? []).Select(row => (row.Ip, row.Mac));
        var under = configured.Where(row => !row.OverrideDynamicMac).Select(row => (row.Ip, row.Mac));
        foreach (var (ip, mac) in over.Concat(learned).Concat(under))
        {
            // There are thousands, mostly of one family: the others are not worth reading.
            if (ip.Contains(':', StringComparison.Ordinal) == (width == 128) && Read(ip, mac) is { } read && read.Width == width)
            {
                yield return read;
            }
        }
    }

    /// <summary>Rows of FDB of a datapath (its tunnel key).</summary>
    public IReadOnlyList<Fdb> Learned(int datapathKey) => _fdb.GetValueOrDefault(datapathKey) ?? [];

    public void Update(Southbound before, Southbound now, Func<int, Guid?> datapathOf, ISet<InputKey> changed)
    {
        foreach (var (old, current) in now.MacBindings.ChangesSince(before.MacBindings))
        {
            // A row that is only refreshed is the same neighbour.
            var same = old is not null && current is not null && (old with { Timestamp = current.Timestamp }).Equals(current);
            Follow(_learned, old, current, row => row.LogicalPort, port => _ = same || Mark(port, changed));
        }

        foreach (var (old, current) in now.StaticMacBindings.ChangesSince(before.StaticMacBindings))
        {
            Follow(_configured, old, current, row => row.LogicalPort, port => Mark(port, changed));
        }

        foreach (var (old, current) in now.Fdb.ChangesSince(before.Fdb))
        {
            var same = old is not null && current is not null && (old with { Timestamp = current.Timestamp }).Equals(current);
            Follow(_fdb, old, current, row => row.DpKey, key =>
            {
                if (!same && datapathOf(key) is { } datapath)
                {
                    changed.Add(InputKey.Of(InputKind.LearnedAddresses, datapath));
                }
            });
        }
    }

    // Once for a port: nobody reads on the way.
    private bool Mark(string port, ISet<InputKey> changed) => changed.Add(InputKey.Of(InputKind.Neighbors, port)) && (_read.Remove((port, 32)) | _read.Remove((port, 128)));

    private static void Follow<TKey, TRow>(
        Dictionary<TKey, List<TRow>> rows, TRow? old, TRow? current, Func<TRow, TKey> keyOf, Action<TKey> mark)
        where TKey : notnull
        where TRow : class
    {
        if (old is not null)
        {
            var key = keyOf(old);
            rows[key].Remove(old);
            mark(key);
        }

        if (current is not null)
        {
            var key = keyOf(current);
            if (!rows.TryGetValue(key, out var list))
            {
                rows.Add(key, list = []);
            }

            list.Add(current);
            mark(key);
        }
    }

    private static Neighbor? Read(string ip, string mac) =>
        Addresses.Parse(ip) is var (value, width) && MacAddress.TryParse(mac, out var address) ? new(value, width, address) : null;
}
