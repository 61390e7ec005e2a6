using GatewayOS.Core;
using GatewayOS.Ovn;

namespace GatewayOS.Reference.Network;

/// <summary>What routers and switches have learned: MAC_Binding, Static_MAC_Binding and FDB, by key.</summary>
internal sealed class LearnedBindings
{
    private readonly Dictionary<(Guid Datapath, int Port, IpAddress Ip), MacAddress> _learned = [];
    private readonly Dictionary<(Guid Datapath, int Port, IpAddress Ip), (MacAddress Mac, bool Overrides)> _configured = [];
    private readonly Dictionary<(int DatapathKey, MacAddress Mac), int> _behind = [];

    public LearnedBindings(Southbound southbound, ReferenceNetwork network)
    {
        foreach (var row in southbound.MacBindings)
        {
            if (Key(network, row.Datapath, row.LogicalPort, row.Ip) is { } key && MacAddress.TryParse(row.Mac, out var mac))
            {
                _learned.TryAdd(key, mac);
            }
        }

        foreach (var row in southbound.StaticMacBindings)
        {
            if (Key(network, row.Datapath, row.LogicalPort, row.Ip) is { } key && MacAddress.TryParse(row.Mac, out var mac))
            {
                _configured.TryAdd(key, (mac, row.OverrideDynamicMac));
            }
        }

        foreach (var row in southbound.Fdb)
        {
            if (MacAddress.TryParse(row.Mac, out var mac))
            {
                _behind.TryAdd((row.DpKey, mac), row.PortKey);
            }
        }
    }

    /// <summary>The neighbour's address: a configured one that overrides, else what was learned, else what was configured.</summary>
    public MacAddress? Neighbor(ReferenceDatapath datapath, int port, IpAddress ip, bool withConfigured)
    {
        var key = (datapath.Row.Uuid, port, ip);
        var configured = withConfigured && _configured.TryGetValue(key, out var found) ? found : default((MacAddress Mac, bool Overrides)?);
        return configured is { Overrides: true } ? configured.Value.Mac
            : _learned.TryGetValue(key, out var learned) ? learned
            : configured?.Mac;
    }

    /// <summary>The key of the port that the address is behind, or null.</summary>
    public int? PortOf(ReferenceDatapath datapath, MacAddress mac) =>
        _behind.TryGetValue((datapath.Row.TunnelKey, mac), out var port) ? port : null;

    private static (Guid, int, IpAddress)? Key(ReferenceNetwork network, Guid datapath, string portName, string ip) =>
        network.Port(portName) is { } port && port.Row.Datapath == datapath && IpAddress.TryParse(ip, out var address)
            ? (datapath, port.Key, address)
            : null;
}
