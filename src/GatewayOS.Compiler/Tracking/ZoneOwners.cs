using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Whose a zone is, in one version of the network.</summary>
internal sealed class ZoneOwners
{
    private readonly Dictionary<ushort, List<(ZoneOwner Owner, string? LogicalPort)>> _owners = [];

    /// <param name="datapaths">All datapaths.</param>
    /// <param name="port">Finds a port by name.</param>
    /// <param name="zones">The zones of this chassis: those of the ports that are here, and of its datapaths.</param>
    public ZoneOwners(IEnumerable<DatapathBinding> datapaths, Func<string, PortBinding?> port, ConntrackZones zones)
    {
        var switches = new Dictionary<Guid, DatapathBinding>();
        foreach (var datapath in datapaths)
        {
            if (!datapath.IsRouter)
            {
                switches.Add(datapath.Uuid, datapath);
                continue;
            }

            // Packets that ask one first may be known to the other only (OVN since 24.03: a floating IP is asked in the SNAT zone, and translated in the other).
            foreach (var owner in new[] { NatZone.Dnat, NatZone.Snat }.Select(zone => new ZoneOwner.Router(datapath.Uuid, zone)))
            {
                Add(zones.Dnat(datapath), owner, null);
                Add(zones.Snat(datapath), owner, null);
            }
        }

        foreach (var (name, zone) in zones.Zones)
        {
            if (port(name) is { } owner)
            {
                Add(zone, ZoneOwner.InPort.Instance, name);
                Add(zone, new ZoneOwner.Switch(owner.Datapath), null);
                if (switches.TryGetValue(owner.Datapath, out var datapath))
                {
                    // An answer to what a load balancer has led back to its client may be known to the switch's SNAT zone only.
                    Add(zones.Snat(datapath), ZoneOwner.InPort.Instance, name);
                }
            }
        }
    }

    public IEnumerable<(ZoneOwner Owner, string? LogicalPort)> Of(ushort zone) => _owners.GetValueOrDefault(zone) ?? [];

    /// <summary>The zones that an owner, or a port of it, has.</summary>
    public IEnumerable<ushort> ZonesOf(ZoneOwner owner, string logicalPort) =>
        _owners.Where(zone => zone.Value.Exists(one => one.Owner == owner && (one.LogicalPort is null || one.LogicalPort == logicalPort))).Select(zone => zone.Key);

    private void Add(ushort zone, ZoneOwner owner, string? logicalPort)
    {
        if (zone == ConntrackZones.NoZone)
        {
            return;
        }

        if (!_owners.TryGetValue(zone, out var owners))
        {
            _owners.Add(zone, owners = []);
        }

        owners.Add((owner, logicalPort));
    }
}
