using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler.FloatingIps;

/// <summary>Writes the logical flows of floating IPs (dnat_and_snat, one address for one) as ovn-northd writes those of stateless NAT, so that no connection is asked for.</summary>
/// <remarks>
/// <para>
/// A floating IP E of the address I on a router is all of: <c>ct_dnat(I)</c> where the destination is E, <c>ct_snat(E)</c> where the source is I,
/// and what takes both back. It stays as it is where its flows serve others, too: if E is a load balancer's VIP or the source of a network's SNAT, if
/// I is a load balancer's backend on the router, or if ports are translated.
/// </para>
/// <para>
/// What asks for the connections of everybody who leaves a router (<c>ct_dnat</c> on gateway routers, <c>ct_next(snat)</c> since OVN 24.09) gets a
/// copy for I, one priority higher, which does not.
/// </para>
/// </remarks>
public sealed class StatelessFloatingIps
{
    private readonly LogicalFlowParser _parser = new();
    private readonly Dictionary<Guid, NatFlow> _flows = [];
    private Dictionary<Guid, LogicalFlow> _written = [];
    private Southbound _before = Southbound.Empty;
    private Southbound _after = Southbound.Empty;

    /// <summary>The database with those flows; what did not change since the last call is the same object.</summary>
    public Southbound Apply(Southbound southbound)
    {
        var changes = southbound.LogicalFlows.ChangesSince(_before.LogicalFlows);
        var isStale = !ReferenceEquals(southbound.LogicalDpGroups, _before.LogicalDpGroups);
        var table = _after.LogicalFlows;
        foreach (var (old, now) in changes)
        {
            isStale |= old is not null && _flows.Remove(old.Uuid);
            if (now is not null && NatFlow.Read(now, _parser) is { } flow)
            {
                _flows.Add(now.Uuid, flow);
                isStale = true;
            }
        }

        table = table.Without([.. changes.Where(change => change.New is null).Select(change => change.Old!.Uuid)])
            .With([.. changes.Select(change => change.New).OfType<LogicalFlow>().Where(row => !_written.ContainsKey(row.Uuid))]);
        if (isStale)
        {
            var written = Write(southbound.LogicalDpGroups);
            table = table.Without([.. _written.Keys.Where(uuid => !written.ContainsKey(uuid) && !southbound.LogicalFlows.ContainsKey(uuid))])
                .With([.. _written.Keys.Where(uuid => !written.ContainsKey(uuid)).Select(uuid => southbound.LogicalFlows.Find(uuid)).OfType<LogicalFlow>()])
                .With([.. written.Values.Where(row => !ReferenceEquals(row, table.Find(row.Uuid)))]);
            _written = written;
        }

        (_before, _after) = (southbound, southbound with { LogicalFlows = table });
        return _after;
    }

    // Flows instead of those of the database, and besides them.
    private Dictionary<Guid, LogicalFlow> Write(Table<LogicalDpGroup> groups)
    {
        var routers = (from flow in _flows.Values
                       from datapath in DatapathsOf(flow.Row, groups)
                       group flow by datapath into flows
                       select (Datapath: flows.Key, Flows: flows.ToList())).ToDictionary(router => router.Datapath, router => (router.Flows, Ips: FloatingIpsOf(router.Flows)));
        var written = new Dictionary<Guid, LogicalFlow>();
        foreach (var flow in _flows.Values.Where(flow => DatapathsOf(flow.Row, groups) is { Count: > 0 } datapaths && datapaths.All(datapath => IsOf(flow, routers[datapath].Ips))))
        {
            Add(flow.Stateless());
        }

        foreach (var (datapath, (flows, ips)) in routers)
        {
            foreach (var (flow, inside) in from flow in flows
                                           where !flow.Row.IsIngress && flow is { Kind: NatKind.Destination or NatKind.Track, Target: null, Source: null or { Only: null } }
                                           from inside in ips.Select(ip => ip.Inside).Distinct()
                                           where flow.Source is not { } source || source.Includes(inside)
                                           select (flow, inside))
            {
                Add(flow.Stateless() with
                {
                    Uuid = Derived(flow.Row.Uuid, datapath, inside),
                    LogicalDatapath = datapath,
                    LogicalDpGroup = null,
                    Priority = flow.Row.Priority + 1,
                    Match = $"ip{(inside.IsIpv6 ? 6 : 4)}.src == {inside} && ({flow.Row.Match})",
                });
            }
        }

        return written;

        // The same row again is the same object, for whoever asks what changed.
        void Add(LogicalFlow row) => written[row.Uuid] = _written.GetValueOrDefault(row.Uuid) is { } known && known == row ? known : row;
    }

    private static HashSet<(IpAddress Outside, IpAddress Inside)> FloatingIpsOf(List<NatFlow> flows)
    {
        var taken = flows.Where(flow => flow.Row.IsIngress && flow is { Kind: NatKind.Destination or NatKind.LoadBalance, Target: null }).Select(flow => flow.Destination?.Only).ToHashSet();
        var backends = flows.SelectMany(flow => flow.Backends).ToHashSet();
        var translations = flows.Where(flow => flow is { Kind: NatKind.Destination, Target: not null }).ToList();
        var sources = flows.Where(flow => flow is { Kind: NatKind.Source, Target: not null }).ToLookup(flow => flow.Target!.Value);
        var candidates = (from flow in translations
                          where flow is { HasPorts: false, Destination.Only: not null }
                          let pair = (Outside: flow.Destination!.Value.Only!.Value, Inside: flow.Target!.Value)
                          where !taken.Contains(pair.Outside) && !backends.Contains(pair.Inside)
                              && translations.TrueForAll(other => other.Destination?.Only != pair.Outside || other.Target == pair.Inside)
                              && sources[pair.Outside].Any() && sources[pair.Outside].All(source => source.Source?.Only == pair.Inside && !source.HasPorts)
                          select pair).ToHashSet();

        // What takes back a translation of I takes back all of them.
        return candidates.Where(pair => translations.TrueForAll(
            flow => flow.Target != pair.Inside || (flow.Destination?.Only is { } outside && candidates.Contains((outside, pair.Inside))))).ToHashSet();
    }

    private static bool IsOf(NatFlow flow, HashSet<(IpAddress Outside, IpAddress Inside)> ips) => (flow.Kind, flow.Target) switch
    {
        (NatKind.Destination, { } inside) => flow.Destination?.Only is { } outside && ips.Contains((outside, inside)),
        (NatKind.Source, { } outside) => flow.Source?.Only is { } inside && ips.Contains((outside, inside)),
        (NatKind.Destination, null) => !flow.Row.IsIngress && flow.Source?.Only is { } inside && ips.Any(ip => ip.Inside == inside),
        (NatKind.Source, null) => flow.Row.IsIngress && flow.Destination?.Only is { } outside && ips.Any(ip => ip.Outside == outside),
        _ => false,
    };

    private static EquatableArray<Guid> DatapathsOf(LogicalFlow row, Table<LogicalDpGroup> groups) =>
        row.LogicalDatapath is { } only ? [only] : groups.Find(row.LogicalDpGroup)?.Datapaths ?? [];

    private static Guid Derived(Guid row, Guid datapath, IpAddress inside) =>
        new(SHA256.HashData([.. row.ToByteArray(), .. datapath.ToByteArray(), .. MemoryMarshal.AsBytes([inside.Value])]).AsSpan(0, 16));
}
