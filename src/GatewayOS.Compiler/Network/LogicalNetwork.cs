using System.Collections.Immutable;
using GatewayOS.Compiler.Classes;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;

namespace GatewayOS.Compiler.Network;

/// <summary>The southbound database as one chassis sees it, indexed for evaluation. Tables are read when first asked for.</summary>
public sealed class LogicalNetwork
{
    private readonly FlowSource _source;
    private readonly Dictionary<string, PortBinding> _ports = [];
    private readonly ILookup<Guid, PortBinding> _portsByDatapath;
    private readonly Dictionary<(Guid, string), MulticastGroup> _groups;
    private readonly ILookup<Guid, LogicalFlow> _flows;
    private readonly ILookup<string, Neighbor> _learned;
    private readonly ILookup<string, (Neighbor Neighbor, bool Overrides)> _configured;
    private readonly ILookup<int, Fdb> _fdb;
    private readonly Dictionary<(Guid, Pipeline), ImmutableArray<LogicalTable>> _pipelines = [];
    private readonly Dictionary<Guid, IReadOnlySet<string>> _inPortsTested = [];
    private readonly SharedSets _sets;
    private readonly TextMap _variables;
    private readonly List<LogicalFlow> _rejected = [];

    public LogicalNetwork(Southbound southbound, string chassis, FlowSource source, AddressClasses classes)
    {
        (Southbound, ChassisName, _source, Classes) = (southbound, chassis, source, classes);
        Chassis = southbound.Chassis.FirstOrDefault(row => row.Name == chassis);
        foreach (var port in southbound.PortBindings)
        {
            _ports[port.LogicalPort] = port;
        }

        _portsByDatapath = southbound.PortBindings.ToLookup(port => port.Datapath);
        _groups = southbound.MulticastGroups.ToDictionary(group => (group.Datapath, group.Name));
        _flows = southbound.LogicalFlows
            .SelectMany(flow => DatapathsOf(flow).Select(datapath => (datapath, flow)))
            .ToLookup(pair => pair.datapath, pair => pair.flow);
        _learned = southbound.MacBindings
            .Select(row => (row.LogicalPort, Neighbor: Read(row.Ip, row.Mac)))
            .Where(pair => pair.Neighbor is not null)
            .ToLookup(pair => pair.LogicalPort, pair => pair.Neighbor!.Value);
        _configured = southbound.StaticMacBindings
            .Select(row => (row.LogicalPort, Neighbor: Read(row.Ip, row.Mac), row.OverrideDynamicMac))
            .Where(pair => pair.Neighbor is not null)
            .ToLookup(pair => pair.LogicalPort, pair => (pair.Neighbor!.Value, pair.OverrideDynamicMac));
        _fdb = southbound.Fdb.ToLookup(row => row.DpKey);
        _sets = new SharedSets(southbound);
        _variables = southbound.ChassisTemplateVars.FirstOrDefault(row => row.Chassis == chassis)?.Variables ?? TextMap.Empty;
    }

    public Southbound Southbound { get; }

    public string ChassisName { get; }

    public AddressClasses Classes { get; }

    /// <summary>The row of this chassis, or null before ovn-controller has made it.</summary>
    public Chassis? Chassis { get; }

    /// <summary>Logical flows that OVN's own parser rejects: absent in ovn-controller too, and so here.</summary>
    public IReadOnlyCollection<LogicalFlow> Rejected => _rejected;

    public PortBinding? Port(string name) => _ports.GetValueOrDefault(name);

    public IEnumerable<PortBinding> PortsOf(Guid datapath) => _portsByDatapath[datapath];

    public MulticastGroup? Group(Guid datapath, string name) => _groups.GetValueOrDefault((datapath, name));

    public DatapathBinding Datapath(Guid uuid) => Southbound.DatapathBindings[uuid];

    /// <summary>Whether the port is bound to this chassis and not about to leave it.</summary>
    public bool IsHere(PortBinding port) =>
        port.Chassis is { } chassis && chassis == Chassis?.Uuid && (port.RequestedChassis is not { } requested || requested == chassis);

    /// <summary><c>is_chassis_resident("port")</c>. For chassisredirect ports the claim in Port_Binding.chassis tells which chassis is active.</summary>
    public bool IsResident(string name) => Port(name) is { Chassis: { } chassis } && chassis == Chassis?.Uuid;

    /// <summary>Learned and configured neighbours of a router port; the first of an address wins, as OVN's priorities have it.</summary>
    public IEnumerable<Neighbor> Neighbors(string port, int width)
    {
        var (over, under) = (_configured[port].Where(row => row.Overrides), _configured[port].Where(row => !row.Overrides));
        return over.Select(row => row.Neighbor).Concat(_learned[port]).Concat(under.Select(row => row.Neighbor))
            .Where(neighbor => neighbor.Width == width);
    }

    /// <summary>Learned MAC addresses of a switch with the port that each is behind.</summary>
    public IEnumerable<(MacAddress Mac, PortBinding Port)> LearnedAddresses(Guid datapath)
    {
        foreach (var row in _fdb[Datapath(datapath).TunnelKey])
        {
            if (MacAddress.TryParse(row.Mac, out var mac)
                && PortsOf(datapath).FirstOrDefault(port => port.TunnelKey == row.PortKey) is { } port)
            {
                yield return (mac, port);
            }
        }
    }

    /// <summary>The tables of a pipeline, from 0 to the last that has a flow.</summary>
    public ImmutableArray<LogicalTable> Tables(Guid datapath, Pipeline pipeline)
    {
        if (!_pipelines.TryGetValue((datapath, pipeline), out var tables))
        {
            tables = Prepare(datapath, pipeline);
            _pipelines.Add((datapath, pipeline), tables);
        }

        return tables;
    }

    /// <summary>The input ports that the egress pipeline of a datapath asks about.</summary>
    public IReadOnlySet<string> InPortsTestedInEgress(Guid datapath)
    {
        if (!_inPortsTested.TryGetValue(datapath, out var names))
        {
            names = Tables(datapath, Pipeline.Egress).SelectMany(table => table.All).SelectMany(flow => InPorts(flow.Match)).ToHashSet();
            _inPortsTested.Add(datapath, names);
        }

        return names;
    }

    private static IEnumerable<string> InPorts(Expr match) => match switch
    {
        Expr.CompareString { Field.Name: "inport" } compare => [compare.Value],
        Expr.And(var operands) => operands.SelectMany(InPorts),
        Expr.Or(var operands) => operands.SelectMany(InPorts),
        _ => [],
    };

    private ImmutableArray<LogicalTable> Prepare(Guid datapath, Pipeline pipeline)
    {
        var sets = new DatapathSets(_sets, Datapath(datapath).TunnelKey);
        var byTable = new SortedDictionary<int, List<PreparedFlow>>();
        foreach (var flow in _flows[datapath])
        {
            if (flow.IsIngress != (pipeline == Pipeline.Ingress))
            {
                continue;
            }

            if (WithVariables(flow) is not { } own)
            {
                continue;
            }

            if (_source.Prepare(own, pipeline, sets) is not { } prepared)
            {
                _rejected.Add(flow);
                continue;
            }

            if (!byTable.TryGetValue(flow.TableId, out var list))
            {
                byTable.Add(flow.TableId, list = []);
            }

            list.Add(prepared);
        }

        var last = byTable.Count == 0 ? -1 : byTable.Keys.Max();
        return [.. Enumerable.Range(0, last + 1).Select(table => new LogicalTable(byTable.GetValueOrDefault(table, [])))];
    }

    // A flow with a template variable applies only where the chassis has that variable (ovn-sb(5), Chassis_Template_Var).
    private LogicalFlow? WithVariables(LogicalFlow flow) =>
        !flow.Match.Contains('^') && !flow.Actions.Contains('^') ? flow
        : TemplateText.Expand(flow.Match, _variables) is { } match && TemplateText.Expand(flow.Actions, _variables) is { } actions
            ? flow with { Match = match, Actions = actions }
            : null;

    private EquatableArray<Guid> DatapathsOf(LogicalFlow flow) =>
        flow.LogicalDatapath is { } datapath ? [datapath]
        : Southbound.LogicalDpGroups.Find(flow.LogicalDpGroup)?.Datapaths ?? [];

    private static Neighbor? Read(string ip, string mac) =>
        Addresses.Parse(ip) is var (value, width) && MacAddress.TryParse(mac, out var address) ? new(value, width, address) : null;
}
