using System.Collections.Frozen;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Reference.Network;

/// <summary>The southbound database, indexed by what an evaluation asks for. Not for use by several threads at once.</summary>
public sealed class ReferenceNetwork
{
    // How much of a UUID ovn-trace(8) asks for.
    private const int MinPart = 4;
    private const int UuidLength = 36;

    private readonly Dictionary<Guid, ReferenceDatapath> _datapaths;
    private readonly Dictionary<string, ReferencePort> _ports = [];
    private readonly SetsByName _sets;

    /// <param name="southbound">The rows.</param>
    /// <param name="chassis">The chassis that evaluation starts on, or null for all chassis as if they were one, as ovn-trace has it.</param>
    /// <param name="version">Whose language the flows are in.</param>
    /// <exception cref="ArgumentException">There is no such chassis.</exception>
    public ReferenceNetwork(Southbound southbound, string? chassis = null, LanguageVersion version = LanguageVersion.Any)
    {
        Southbound = southbound;
        Version = version;
        Chassis = chassis is null ? null
            : southbound.Chassis.FirstOrDefault(row => row.Name == chassis) ?? throw new ArgumentException($"there is no chassis '{chassis}'", nameof(chassis));
        _sets = new SetsByName(southbound);
        var variables = (IReadOnlyDictionary<string, string>?)southbound.ChassisTemplateVars.FirstOrDefault(row => row.Chassis == chassis)?.Variables
            ?? FrozenDictionary<string, string>.Empty;
        var reader = new FlowReader(version, _sets, variables, chassis is null ? _ports.ContainsKey : null);
        var ports = southbound.PortBindings.ToLookup(port => port.Datapath);
        var groups = southbound.MulticastGroups.ToLookup(group => group.Datapath);
        var flows = southbound.LogicalFlows
            .SelectMany(flow => DatapathsOf(flow).Select(datapath => (datapath, flow)))
            .ToLookup(pair => pair.datapath, pair => pair.flow);
        _datapaths = southbound.DatapathBindings.ToDictionary(
            row => row.Uuid, row => new ReferenceDatapath(row, ports[row.Uuid], groups[row.Uuid], flows[row.Uuid], reader));
        foreach (var port in _datapaths.Values.SelectMany(datapath => datapath.Ports))
        {
            _ports.TryAdd(port.Name, port);
        }

        Symbols = SymbolTable.For(version);
        Bindings = new LearnedBindings(southbound, this);
    }

    public Southbound Southbound { get; }

    public LanguageVersion Version { get; }

    public SymbolTable Symbols { get; }

    public Chassis? Chassis { get; }

    internal LearnedBindings Bindings { get; }

    public IEnumerable<ReferenceDatapath> Datapaths => _datapaths.Values;

    public ReferencePort? Port(string name) => _ports.GetValueOrDefault(name);

    /// <summary>By name, by OpenStack's name, or by the first four or more digits of its southbound or northbound UUID; null when none or several match.</summary>
    public ReferenceDatapath? Datapath(string name) =>
        _datapaths.Values.FirstOrDefault(datapath => datapath.Name == name || datapath.Row.ExternalIds.Find("name2") == name)
        ?? (name.Length >= MinPart && _datapaths.Values.Where(datapath => StartsUuid(datapath, name)).Take(2).ToList() is [var only] ? only : null);

    /// <summary>The named sets as a datapath's flows see them.</summary>
    public INamedSets SetsOf(ReferenceDatapath datapath) => new SetsOfDatapath(_sets, datapath.Row.TunnelKey);

    /// <summary>The number behind a port name in a flow of the datapath, or null when there is no such port there.</summary>
    /// <remarks>The empty name and <c>none</c> are 0. Groups count as well.</remarks>
    public int? KeyOf(ReferenceDatapath datapath, string name) =>
        name is "" or "none" ? 0
        : PortCalled(name) is { } port ? port.Datapath == datapath ? port.Key : null
        : datapath.Group(name)?.Row.TunnelKey;

    /// <summary>The text with the names of ports that people know.</summary>
    public string Friendly(string text) => FriendlyNames.Replace(text, name => Port(name)?.FriendlyName);

    /// <summary>
    /// The name, or the one port that people call so, or whose southbound UUID, or name if that is a UUID, starts with these four or more digits.
    /// </summary>
    public ReferencePort? PortCalled(string name)
    {
        if (Port(name) is { } port)
        {
            return port;
        }

        var isPart = IsPartOfUuid(name);
        return _ports.Values.Where(IsCalled).Take(2).ToList() is [var only] ? only : null;

        bool IsCalled(ReferencePort candidate) =>
            candidate.Row.ExternalIds.Find("name") == name
            || (isPart && (Starts(candidate.Row.Uuid.ToString()) || (Guid.TryParseExact(candidate.Name, "D", out _) && Starts(candidate.Name))));

        bool Starts(string uuid) => uuid.StartsWith(name, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsPartOfUuid(string text) =>
        text.Length is >= MinPart and <= UuidLength && text.Index().All(item => item.Index is 8 or 13 or 18 or 23 ? item.Item == '-' : char.IsAsciiHexDigit(item.Item));

    private static bool StartsUuid(ReferenceDatapath datapath, string digits) =>
        new[] { datapath.Row.Uuid.ToString(), datapath.Row.ExternalIds.Find("logical-switch"), datapath.Row.ExternalIds.Find("logical-router") }
            .Any(uuid => uuid?.StartsWith(digits, StringComparison.OrdinalIgnoreCase) == true);

    private EquatableArray<Guid> DatapathsOf(LogicalFlow flow) =>
        flow.LogicalDatapath is { } datapath ? [datapath] : Southbound.LogicalDpGroups.Find(flow.LogicalDpGroup)?.Datapaths ?? [];
}
