using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler.Network;

/// <summary>The southbound database as one chassis sees it, and the device it has, indexed for evaluation.</summary>
/// <remarks>
/// Follows the database and the device from version to version; the work is proportional to what changed. Whoever evaluates names
/// a <see cref="Reader"/>, which is told what was asked for, and so knows what a change concerns.
/// </remarks>
public sealed class LogicalNetwork
{
    private readonly FlowTables _flows;
    private readonly PortIndex _ports = new();
    private readonly NeighborIndex _neighbors = new();
    private readonly LoadBalancerIndex _loadBalancers = new();
    private readonly Dictionary<(Guid, string), MulticastGroup> _groups = [];
    private readonly Dictionary<Guid, SortedDictionary<int, MulticastGroup>> _groupsOf = [];
    private readonly Dictionary<int, Guid> _datapathsByKey = [];
    private readonly Dictionary<Guid, IReadOnlySet<string>> _inPortsTested = [];
    private readonly Dictionary<Guid, Traces> _traces = [];
    private LocalDatapaths _local = LocalDatapaths.None;
    private Tunnels _tunnels = new(Southbound.Empty, DeviceView.Empty, "");

    /// <param name="chassisName">The system-id.</param>
    /// <param name="chassis">The chassis row of that name, or null before ovn-controller has made it.</param>
    /// <param name="source">Parses logical flows.</param>
    public LogicalNetwork(string chassisName, Guid? chassis, FlowSource source)
    {
        (ChassisName, Chassis) = (chassisName, chassis);
        _flows = new FlowTables(source);
    }

    /// <summary>Told what an evaluation asks for.</summary>
    public ISet<InputKey>? Reader { get; set; }

    public string ChassisName { get; }

    public Guid? Chassis { get; }

    public Southbound Southbound { get; private set; } = Southbound.Empty;

    /// <summary>The device; also a thing that evaluations depend on.</summary>
    public DeviceView Device
    {
        get
        {
            Reader?.Add(InputKey.Of(InputKind.Device));
            return field;
        }
        private set;
    } = DeviceView.Empty;

    /// <summary>Logical flows that OVN's own parser rejects: absent in ovn-controller too, and so here.</summary>
    public IReadOnlyCollection<LogicalFlow> Rejected => _flows.Rejected;

    /// <summary>Ports that packets may come in by; also those of VTEP switches in datapaths that are not local.</summary>
    public IEnumerable<PortBinding> Doors => _ports.Doors.Where(port => port.Type == "vtep" || _local.Contains(port.Datapath));

    /// <summary>The multicast groups of a datapath.</summary>
    public IReadOnlyCollection<MulticastGroup> Groups(Guid datapath) => _groupsOf.TryGetValue(datapath, out var groups) ? groups.Values : [];

    /// <summary>Goes to another version of the database and the device.</summary>
    public NetworkChanges Update(Southbound now, DeviceView device)
    {
        var (before, changes) = (Southbound, new NetworkChanges());
        Southbound = now;
        foreach (var (old, current) in now.DatapathBindings.ChangesSince(before.DatapathBindings))
        {
            _ = old is not null && _datapathsByKey.Remove(old.TunnelKey);
            changes.Inputs.Add(InputKey.Of(InputKind.Datapath, (old ?? current)!.Uuid));
        }

        foreach (var (_, current) in now.DatapathBindings.ChangesSince(before.DatapathBindings))
        {
            if (current is not null)
            {
                _datapathsByKey[current.TunnelKey] = current.Uuid;
            }
        }

        _ports.Update(before, now, Chassis, changes.Inputs);
        UpdateGroups(before, now, changes.Inputs);
        _neighbors.Update(before, now, key => _datapathsByKey.TryGetValue(key, out var datapath) ? datapath : null, changes.Inputs);
        _flows.Update(before, now, Variables(now), changes);
        UpdateDevice(before, now, device, changes.Inputs);
        UpdateLocal(before, now, changes.Inputs);
        foreach (var table in changes.Tables)
        {
            if (table.Pipeline == Pipeline.Egress && _inPortsTested.Remove(table.Datapath, out var old)
                && (!now.DatapathBindings.ContainsKey(table.Datapath) || !InPortsTestedInEgress(table.Datapath).SetEquals(old)))
            {
                changes.Inputs.Add(InputKey.Of(InputKind.EgressInPorts, table.Datapath));
            }

            if (table.Pipeline == Pipeline.Egress && _traces.Remove(table.Datapath, out var wrote)
                && (!now.DatapathBindings.ContainsKey(table.Datapath) || TracesInEgress(table.Datapath) != wrote))
            {
                changes.Inputs.Add(InputKey.Of(InputKind.EgressTraces, table.Datapath));
            }
        }

        _loadBalancers.Update(before, now, Variables(now), changes.Inputs);
        return changes;
    }

    /// <summary>Whether an address is one that a load balancer answers to, or seems to send from.</summary>
    public bool IsLoadBalancerAddress(IpAddress address)
    {
        Reader?.Add(InputKey.Of(InputKind.LoadBalancer, address.ToString()));
        return _loadBalancers.IsAddress(Southbound, Variables(Southbound), address);
    }

    /// <summary>The virtual addresses that may lead a backend back to itself.</summary>
    internal IReadOnlyList<Hairpin> Hairpins(IpAddress backend)
    {
        Reader?.Add(InputKey.Of(InputKind.LoadBalancer, backend.ToString()));
        return _loadBalancers.Of(Southbound, Variables(Southbound), backend);
    }

    /// <summary>The Ethernet addresses of the ports of a switch that have an IP address.</summary>
    public IReadOnlyCollection<ulong> EthAddressesOf(Guid datapath, IpAddress address)
    {
        Reader?.Add(PortIndex.ByAddress(datapath, address.ToString()));
        return _ports.EthAddressesOf(datapath, address.ToString());
    }

    /// <summary>The patch ports of a datapath.</summary>
    public IEnumerable<PortBinding> PatchPorts(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.Routers, datapath));
        return _ports.Patches(datapath).Order(StringComparer.Ordinal).Select(Port).OfType<PortBinding>();
    }

    /// <summary>Whether this chassis takes part in the datapath.</summary>
    public bool IsLocal(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.Local, datapath));
        return _local.Contains(datapath);
    }

    public PortBinding? Port(string name)
    {
        Reader?.Add(InputKey.Of(InputKind.Port, name));
        return _ports.Find(name);
    }

    public PortBinding? Localnet(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.Localnet, datapath));
        return _ports.Localnet(datapath);
    }

    /// <summary>The Ethernet addresses of the routers that a switch connects.</summary>
    public IReadOnlySet<ulong> Routers(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.Routers, datapath));
        return _ports.Routers(datapath);
    }

    public MulticastGroup? Group(Guid datapath, string name)
    {
        Reader?.Add(new InputKey(InputKind.Group, datapath, name));
        return _groups.GetValueOrDefault((datapath, name));
    }

    /// <summary>The ports of a group.</summary>
    public IEnumerable<PortBinding> Members(MulticastGroup group)
    {
        foreach (var uuid in group.Ports)
        {
            // A member that is not there yet is something that the answer depends on, too.
            Reader?.Add(InputKey.Of(InputKind.Port, uuid));
            if (Southbound.PortBindings.Find(uuid) is { } port)
            {
                yield return port;
            }
        }
    }

    public DatapathBinding Datapath(Guid uuid)
    {
        Reader?.Add(InputKey.Of(InputKind.Datapath, uuid));
        return Southbound.DatapathBindings[uuid];
    }

    /// <summary>The ports of a datapath that are being moved, and have more than one chassis meanwhile.</summary>
    public IReadOnlyCollection<string> PortsOfSeveral(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.PortsOfSeveral, datapath));
        return _ports.Several(datapath);
    }

    /// <summary>Whether the port is bound to this chassis and not about to leave it.</summary>
    public bool IsHere(PortBinding port) => Chassis is { } self
        && (port.Chassis == self ? port.RequestedChassis is not { } requested || requested == self
            : port.AdditionalChassis.Contains(self) && port.RequestedAdditionalChassis.Contains(self) && IsActive(port));

    // Until its machine has announced itself OVS drops all other packets of the port (controller/physical.c, setup_activation_strategy).
    private bool IsActive(PortBinding port) =>
        port.Options.Find("activation-strategy") is null || (port.Options.Find("additional-chassis-activated") ?? "").Split(',').Contains(ChassisName, StringComparer.Ordinal);

    /// <summary><c>is_chassis_resident("port")</c>. For chassisredirect ports the claim in Port_Binding.chassis tells which chassis is active.</summary>
    public bool IsResident(string name) => Port(name) is { Chassis: { } chassis } && chassis == Chassis;

    /// <summary>With several candidates OVS picks the chassis by the state of BFD on the tunnels, which the database does not have.</summary>
    public bool HasStandby(PortBinding port)
    {
        Reader?.Add(InputKey.Of(InputKind.Chassis));
        return Southbound.HaChassisGroups.Find(port.HaChassisGroup) is { HaChassis.Count: > 1 };
    }

    /// <summary>With ovn-chassis-mac-mappings OVN translates source addresses at localnet ports; OVS does that.</summary>
    public bool RewritesAddresses(string networkName)
    {
        Reader?.Add(InputKey.Of(InputKind.Chassis));
        return Southbound.Chassis.Any(chassis =>
            (chassis.OtherConfig.Find("ovn-chassis-mac-mappings") ?? chassis.ExternalIds.Find("ovn-chassis-mac-mappings") ?? "")
                .Split(',').Any(mapping => mapping.StartsWith(networkName + ":", StringComparison.Ordinal)));
    }

    /// <summary>The tunnel to a chassis, or null if it has no usable encap, more than one, or no resolved path.</summary>
    public Tunnel? TunnelTo(Guid chassis)
    {
        Reader?.Add(InputKey.Of(InputKind.Tunnel, chassis));
        return _tunnels.To(chassis);
    }

    /// <summary>Learned and configured neighbours of a router port, by address.</summary>
    public IReadOnlyList<Neighbor> Neighbors(string port, int width)
    {
        Reader?.Add(InputKey.Of(InputKind.Neighbors, port));
        return _neighbors.Of(port, width);
    }

    /// <summary>Learned MAC addresses of a switch with the port that each is behind, by address.</summary>
    public IEnumerable<(MacAddress Mac, PortBinding Port)> LearnedAddresses(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.LearnedAddresses, datapath));
        foreach (var row in _neighbors.Learned(Datapath(datapath).TunnelKey).OrderBy(row => row.Mac, StringComparer.Ordinal))
        {
            Reader?.Add(PortIndex.ByKey(datapath, row.PortKey));
            if (MacAddress.TryParse(row.Mac, out var mac) && _ports.Find(datapath, row.PortKey) is { } port)
            {
                yield return (mac, port);
            }
        }
    }

    /// <summary>The number of tables of a pipeline: up to the last that has a flow.</summary>
    public int TableCount(Guid datapath, Pipeline pipeline) => _flows.Count(datapath, pipeline);

    /// <summary>The flows of a table. A flow that did not change is the same object as before.</summary>
    public PreparedTable Flows(TableKey table) => _flows.Of(table, Southbound.DatapathBindings[table.Datapath].TunnelKey);

    /// <summary>The input ports that the egress pipeline of a datapath asks about.</summary>
    public IReadOnlySet<string> InPortsTestedInEgress(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.EgressInPorts, datapath));
        if (!_inPortsTested.TryGetValue(datapath, out var names))
        {
            names = Enumerable.Range(0, TableCount(datapath, Pipeline.Egress))
                .SelectMany(table => Flows(new TableKey(datapath, Pipeline.Egress, table)).InPorts)
                .ToHashSet();
            _inPortsTested.Add(datapath, names);
        }

        return names;
    }

    /// <summary>What copies of a packet leave for each other in the egress pipeline of a datapath.</summary>
    public Traces TracesInEgress(Guid datapath)
    {
        Reader?.Add(InputKey.Of(InputKind.EgressTraces, datapath));
        if (!_traces.TryGetValue(datapath, out var traces))
        {
            List<PreparedTable> tables = [.. Enumerable.Range(0, TableCount(datapath, Pipeline.Egress)).Select(table => Flows(new TableKey(datapath, Pipeline.Egress, table)))];
            traces = tables.Select(table => table.Traces).DefaultIfEmpty().Max();
            traces = traces == Traces.Alike && !AreForAll(tables) ? Traces.Unlike : traces;
            _traces.Add(datapath, traces);
        }

        return traces;
    }

    // Every copy that gets out has gone through all tables that mark, and none has asked for the DSCP.
    private static bool AreForAll(List<PreparedTable> egress) => egress.Index()
        .All(table => table.Item.Flows.All(flow => !flow.Text.Match.Contains("ip.dscp", StringComparison.Ordinal) && flow.Actions.All(action => GoesOn(action, table.Index))))
        && egress.Take(egress.FindLastIndex(table => table.Traces != Traces.None)).All(table => !table.Flows.Any(flow => flow.Actions.Any(action => action.Kind == ActionKind.Output)));

    private static bool GoesOn(ActionNode action, int table) => action is not ActionNode.Next next || (next.Pipeline == Pipeline.Egress && next.Table == table + 1);

    private TextMap Variables(Southbound southbound) =>
        southbound.ChassisTemplateVars.FirstOrDefault(row => row.Chassis == ChassisName)?.Variables ?? TextMap.Empty;

    private void UpdateGroups(Southbound before, Southbound now, ISet<InputKey> changed)
    {
        var changes = now.MulticastGroups.ChangesSince(before.MulticastGroups);
        foreach (var (old, _) in changes)
        {
            if (old is not null)
            {
                _groups.Remove((old.Datapath, old.Name));
                _groupsOf[old.Datapath].Remove(old.TunnelKey);
                changed.Add(new InputKey(InputKind.Group, old.Datapath, old.Name));
            }
        }

        foreach (var (_, current) in changes)
        {
            if (current is not null)
            {
                _groups[(current.Datapath, current.Name)] = current;
                if (!_groupsOf.TryGetValue(current.Datapath, out var groups))
                {
                    _groupsOf.Add(current.Datapath, groups = []);
                }

                groups[current.TunnelKey] = current;
                changed.Add(new InputKey(InputKind.Group, current.Datapath, current.Name));
            }
        }
    }

    private void UpdateDevice(Southbound before, Southbound now, DeviceView device, ISet<InputKey> changed)
    {
        var old = Device;
        if (old.Ports != device.Ports)
        {
            changed.Add(InputKey.Of(InputKind.Device));
        }

        if (!ReferenceEquals(before.Chassis, now.Chassis) || !ReferenceEquals(before.Encaps, now.Encaps) || old.Tunnels != device.Tunnels)
        {
            var tunnels = new Tunnels(now, device, ChassisName);
            foreach (var chassis in before.Chassis.Concat(now.Chassis).Select(row => row.Uuid).Distinct())
            {
                if (_tunnels.To(chassis) != tunnels.To(chassis))
                {
                    changed.Add(InputKey.Of(InputKind.Tunnel, chassis));
                }
            }

            _tunnels = tunnels;
        }

        if (!ReferenceEquals(before.HaChassisGroups, now.HaChassisGroups) || MacMappings(before) != MacMappings(now))
        {
            changed.Add(InputKey.Of(InputKind.Chassis));
        }

        Device = device;
    }

    private void UpdateLocal(Southbound before, Southbound now, ISet<InputKey> changed)
    {
        if (!MayMove(before, now))
        {
            return;
        }

        var old = _local;
        _local = LocalDatapaths.Find(now, ChassisName);
        foreach (var datapath in old.Datapaths.Except(_local.Datapaths).Concat(_local.Datapaths.Except(old.Datapaths)))
        {
            changed.Add(InputKey.Of(InputKind.Local, datapath));
        }
    }

    // Datapaths become local by ports that are bound here or lead on; a VIF elsewhere does not count.
    private bool MayMove(Southbound before, Southbound now) =>
        !ReferenceEquals(before.DatapathBindings, now.DatapathBindings)
        || !ReferenceEquals(before.HaChassisGroups, now.HaChassisGroups)
        || !ReferenceEquals(before.HaChassis, now.HaChassis)
        || !ReferenceEquals(before.Chassis, now.Chassis)
        || now.PortBindings.ChangesSince(before.PortBindings).Any(change => (Counts(change.Old) || Counts(change.New)) && !LeadsAsBefore(change.Old, change.New));

    // What LocalDatapaths looks at; the addresses of a patch port change with every NAT.
    private static bool LeadsAsBefore(PortBinding? old, PortBinding? current) =>
        old is not null && current is not null && old.LogicalPort == current.LogicalPort && old.Type == current.Type && old.Datapath == current.Datapath
        && old.Chassis == current.Chassis && old.AdditionalChassis == current.AdditionalChassis && old.HaChassisGroup == current.HaChassisGroup && old.Options.Equals(current.Options);

    private bool Counts(PortBinding? port) =>
        port is not null && (port.Type != "" || (port.Chassis is { } chassis && chassis == Chassis)
            || (Chassis is { } own && port.AdditionalChassis.Contains(own)));

    private static EquatableArray<string> MacMappings(Southbound southbound) =>
        [.. southbound.Chassis.Select(chassis =>
            chassis.OtherConfig.Find("ovn-chassis-mac-mappings") ?? chassis.ExternalIds.Find("ovn-chassis-mac-mappings")).OfType<string>()];
}
