using GatewayOS.LogicalFlows;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Reference.Network;

/// <summary>A logical switch or router with its ports and flows. Flows are read when their table is first used.</summary>
public sealed class ReferenceDatapath
{
    private readonly Dictionary<int, ReferencePort> _ports;
    private readonly Dictionary<int, ReferenceGroup> _groups;
    private readonly Dictionary<string, ReferenceGroup> _groupsByName;
    private readonly ILookup<(bool IsIngress, int Table), LogicalFlow> _rows;
    private readonly Dictionary<(Pipeline, int), ReferenceFlow[]> _tables = [];
    private readonly FlowReader _reader;

    internal ReferenceDatapath(DatapathBinding row, IEnumerable<PortBinding> ports, IEnumerable<MulticastGroup> groups, IEnumerable<LogicalFlow> flows, FlowReader reader)
    {
        (Row, _reader) = (row, reader);
        _ports = ports.Select(port => new ReferencePort(this, port)).DistinctBy(port => port.Key).ToDictionary(port => port.Key);
        var members = _ports.Values.ToDictionary(port => port.Row.Uuid);
        _groups = groups.Select(group => new ReferenceGroup(
            group,
            [.. group.Ports.Select(uuid => members.GetValueOrDefault(uuid)).OfType<ReferencePort>().OrderBy(port => port.Name, StringComparer.Ordinal)]))
            .ToDictionary(group => group.Row.TunnelKey);
        _groupsByName = _groups.Values.ToDictionary(group => group.Row.Name);
        _rows = flows.ToLookup(flow => (flow.IsIngress, flow.TableId));
    }

    public DatapathBinding Row { get; }

    /// <summary>The name for people: what the user called it in OpenStack if known, with a UUID at its end cut short.</summary>
    public string FriendlyName => FriendlyNames.Shorten(Row.ExternalIds.Find("name2") ?? Name);

    public string Name => Row.ExternalIds.Find("name") ?? NorthboundUuid;

    /// <summary>Whether it has an l3gateway port, as all of a gateway router's are.</summary>
    public bool IsGatewayRouter => _ports.Values.Any(port => port.Row.Type == "l3gateway");

    public IEnumerable<ReferencePort> Ports => _ports.Values;

    public ReferencePort? Port(int key) => _ports.GetValueOrDefault(key);

    public ReferenceGroup? Group(int key) => _groups.GetValueOrDefault(key);

    public ReferenceGroup? Group(string name) => _groupsByName.GetValueOrDefault(name);

    /// <summary>The port that stands for the physical network, or null.</summary>
    public ReferencePort? Localnet => _ports.Values.FirstOrDefault(port => port.Row.Type == "localnet");

    /// <summary>
    /// The flows of a table, highest priority first. Of equal priorities only one should match; which one wins otherwise is not defined, here it is
    /// the one with the smallest UUID.
    /// </summary>
    public IReadOnlyList<ReferenceFlow> Table(Pipeline pipeline, int table)
    {
        if (!_tables.TryGetValue((pipeline, table), out var flows))
        {
            flows =
            [
                .. _rows[(pipeline == Pipeline.Ingress, table)]
                    .Select(row => _reader.Read(row, Row.TunnelKey))
                    .OfType<ReferenceFlow>()
                    .OrderByDescending(flow => flow.Row.Priority)
                    .ThenBy(flow => flow.Row.Uuid),
            ];
            _tables.Add((pipeline, table), flows);
        }

        return flows;
    }

    private string NorthboundUuid =>
        Row.ExternalIds.Find("logical-switch") ?? Row.ExternalIds.Find("logical-router") ?? Row.Uuid.ToString();
}
