using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Passes;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler;

/// <summary>What is kept from one compilation to the next for as long as the chassis is the same.</summary>
internal sealed class Workshop
{
    private const int WornBeyond = 100_000;

    private readonly LogicalNetwork _network;
    private readonly NodeTable _nodes = new();
    private readonly EntryPoints[] _classes;
    private Table<AddressSet>? _sets;

    public Workshop(string chassisName, Guid? chassis, FlowSource flows, AddressClasses classes)
    {
        _network = new LogicalNetwork(chassisName, chassis, flows);
        Trackers = [.. PacketClasses.Tracked.Select(packetClass => new ConnectionEvaluator(_network, packetClass))];
        _classes = [.. PacketClasses.All.Select(packetClass => new EntryPoints(_network, packetClass, _nodes, classes))];
        Composer = new Composer(_nodes);
    }

    public Composer Composer { get; }

    /// <summary>What evaluates known connections, of each packet class.</summary>
    public ConnectionEvaluator[] Trackers { get; }

    /// <summary>What the last update changed, as evaluations of connections depend on it.</summary>
    public NetworkChanges Changes { get; private set; } = new();

    /// <summary>What is written, of the entry points as they were the last time; null before the first.</summary>
    public PipelineEmitter? Emission { get; set; }

    /// <summary>Whether most of what is remembered is of versions long gone, so that to start anew takes less memory.</summary>
    public bool IsWorn => _nodes.Count > WornBeyond && _nodes.Count > 8 * (Emission?.States ?? 0);

    /// <summary>The number of logical tables evaluated so far.</summary>
    public int Evaluations => _classes.Sum(entries => entries.Evaluations);

    /// <summary>Logical flows (UUIDs) that do not parse.</summary>
    public IEnumerable<Guid> Rejected => _network.Rejected.Select(flow => flow.Uuid).Order();

    /// <summary>Whether what is known of the last version is of use for this one: not for another chassis, nor when datapaths have other keys.</summary>
    public bool CanFollow(Southbound southbound, string chassisName) =>
        _network.ChassisName == chassisName
        && (_network.Chassis is { } chassis ? southbound.Chassis.Find(chassis)?.Name == chassisName : southbound.Chassis.All(row => row.Name != chassisName))
        && southbound.DatapathBindings.ChangesSince(_network.Southbound.DatapathBindings)
            .All(change => change is not { Old: { } old, New: { } current } || old.TunnelKey == current.TunnelKey);

    /// <summary>A logical port by name.</summary>
    public PortBinding? Port(string name) => _network.Port(name);

    /// <summary>The entry points of each packet class as of this version; the same list where nothing is different.</summary>
    public IReadOnlyList<IReadOnlyList<EntryPoint>> Update(Southbound southbound, DeviceView device)
    {
        if (!ReferenceEquals(_sets, southbound.AddressSets))
        {
            _sets = southbound.AddressSets;
            Composer.ServiceMonitor = _sets.FirstOrDefault(set => set.Name == "svc_monitor_mac")?.Addresses is [var address, ..] && MacAddress.TryParse(address, out var mac) ? mac : null;
        }

        var changes = _network.Update(southbound, device);
        Changes = new NetworkChanges();
        Changes.Inputs.UnionWith(changes.Inputs);
        foreach (var tracker in Trackers)
        {
            Changes.Tables.UnionWith(tracker.Update(changes));
        }

        return [.. _classes.Select(entries => entries.Update(changes))];
    }
}
