using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>The datapaths that ovn-controller realises on a chassis (ovn-controller's local_data.c).</summary>
public static class LocalDatapaths
{
    /// <summary>Those with a port bound here, and those that patch ports lead to from there.</summary>
    public static IReadOnlySet<Guid> Of(Southbound southbound, string chassis)
    {
        var self = southbound.Chassis.FirstOrDefault(row => row.Name == chassis)?.Uuid;
        var byName = new Dictionary<string, PortBinding>();
        foreach (var port in southbound.PortBindings)
        {
            byName[port.LogicalPort] = port;
        }

        var ports = southbound.PortBindings.ToLookup(port => port.Datapath);
        var local = new HashSet<Guid>();
        var pending = new Queue<Guid>(southbound.PortBindings.Where(port => self is not null && port.Chassis == self).Select(port => port.Datapath));
        while (pending.TryDequeue(out var datapath))
        {
            if (!local.Add(datapath))
            {
                continue;
            }

            foreach (var port in ports[datapath])
            {
                if (port.Type is "patch" or "l3gateway" && (port.Type == "patch" || port.Chassis == self)
                    && port.Options.Find("peer") is { } peer && byName.TryGetValue(peer, out var other))
                {
                    pending.Enqueue(other.Datapath);
                }
            }
        }

        return local;
    }
}
