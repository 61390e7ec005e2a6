using System.Globalization;
using GatewayOS.Compiler;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;

namespace GatewayOS.Control.Views;

/// <summary>Tells the compiler how the device is wired into this host, as far as what OVS would do there is known for certain.</summary>
/// <remarks>
/// A front port serves a network when its exception netdev is the only way out of the bridge that ovn-bridge-mappings names: then what
/// OVS does in that bridge is to hand frames through, and the device may do it instead. Anything beyond (a second port, a VLAN setting,
/// rules of its own, mirrors ...: <see cref="BridgeOddities"/>) and the port is left to OVS, with a remark.
/// </remarks>
public sealed class DeviceViewBuilder
{
    private readonly ViewInputs _inputs;
    private readonly ChassisSettings _settings;
    private readonly List<string> _remarks = [];
    private readonly Dictionary<string, (Bridge Bridge, Port Port, Interface Interface)> _attached = [];
    private readonly ILookup<string, string> _networks;
    private readonly BridgeOddities _oddities;

    private DeviceViewBuilder(ViewInputs inputs)
    {
        (_inputs, _settings, _oddities) = (inputs, inputs.Local.Settings, new BridgeOddities(inputs.Local));
        foreach (var bridge in inputs.Local.Bridges)
        {
            foreach (var (port, device) in inputs.Local.InterfacesOf(bridge))
            {
                _attached[device.Name] = (bridge, port, device);
            }
        }

        _networks = _settings.BridgeMappings.ToLookup(pair => pair.Value, pair => pair.Key);
    }

    public static BuiltView Build(ViewInputs inputs)
    {
        var builder = new DeviceViewBuilder(inputs);
        if (builder.IntegrationOddity() is { } oddity)
        {
            // Every packet would pass that bridge.
            return new BuiltView(DeviceView.Empty, [oddity]);
        }

        var ports = inputs.Pairs.Select(builder.PortOf).OfType<DevicePort>().ToEquatableArray();
        var tunnels = builder.TunnelPaths().ToEquatableArray();
        return new BuiltView(new DeviceView(ports, tunnels), builder._remarks.ToEquatableArray());
    }

    private DevicePort? PortOf(PortPair pair)
    {
        if (!_inputs.Links.TryGetValue(pair.Exception, out var link))
        {
            Remark(pair, "this host has no such link; create it, or correct 'exception' in the configuration");
            return null;
        }

        if (!_attached.TryGetValue(pair.Exception, out var place))
        {
            return new DevicePort(pair.Device, pair.Exception, [], null, link.Mtu, []);
        }

        var isMachine = place.Bridge.Name == _settings.IntegrationBridge;
        if ((_oddities.Of(place.Port, place.Interface) ?? (isMachine ? _oddities.MirrorOf(place.Bridge, place.Port) : null)) is { } oddity)
        {
            Remark(pair, oddity);
            return new DevicePort(pair.Device, pair.Exception, [], null, link.Mtu, []);
        }

        if (isMachine)
        {
            return new DevicePort(pair.Device, pair.Exception, [], place.Interface.IfaceId, link.Mtu, []);
        }

        var problem = OddityOf(place.Bridge, pair.Exception);
        if (problem is not null)
        {
            Remark(pair, problem);
        }

        return new DevicePort(
            pair.Device, pair.Exception, problem is null ? _networks[place.Bridge.Name].Order(StringComparer.Ordinal).ToEquatableArray() : [],
            null, link.Mtu, HostAddresses(place.Bridge));
    }

    private EquatableArray<MacAddress> HostAddresses(Bridge bridge) =>
        _inputs.Local.InterfacesOf(bridge).Where(pair => pair.Interface.Type == "internal" || pair.Interface.Name == bridge.Name)
            .Select(pair => pair.Interface.MacInUse)
            .Where(text => MacAddress.TryParse(text, out _)).Select(text => MacAddress.Parse(text!)).Distinct().ToEquatableArray();

    private string? IntegrationOddity() =>
        _inputs.Local.IntegrationBridge is { } bridge ? BridgeOddities.Of(bridge) ?? _oddities.WideMirrorOf(bridge) : null;

    // What keeps a bridge from simply joining OVN and the port.
    private string? OddityOf(Bridge bridge, string exception)
    {
        if (bridge.FailMode == "secure")
        {
            return $"the bridge {bridge.Name} forwards by rules of its own (fail_mode secure), left to OVS; use a bridge without";
        }

        foreach (var (port, other) in _inputs.Local.InterfacesOf(bridge))
        {
            var isPatch = other.Type == "patch" && IsIntegrationBridge(other.Options.Find("peer"));
            if (isPatch && (BridgeOddities.HasVlanSettings(port) || port.IsProtected))
            {
                return $"the port {other.Name} of the bridge {bridge.Name} has VLAN settings or is protected, left to OVS; set the VLAN in OVN instead";
            }

            if (!isPatch && other.Name != exception && other.Name != bridge.Name && other.Type != "internal")
            {
                return $"the bridge {bridge.Name} has another way out, {other.Name}, left to OVS; give the network a bridge with one port";
            }
        }

        return BridgeOddities.Of(bridge) ?? _oddities.MirrorOf(bridge);
    }

    private bool IsIntegrationBridge(string? patch) =>
        patch is not null && _attached.TryGetValue(patch, out var peer) && peer.Bridge.Name == _settings.IntegrationBridge;

    private IEnumerable<TunnelPath> TunnelPaths()
    {
        var hasAddress = IpAddress.TryParseV4(_settings.EncapIps is [var first, ..] ? first : "", out var localIp);
        if (TunnelProblem(hasAddress) is { } problem)
        {
            if (_inputs.Paths.Count > 0)
            {
                _remarks.Add($"tunnels: {problem}");
            }

            yield break;
        }

        var exits = new Dictionary<string, int?>();
        foreach (var path in _inputs.Paths)
        {
            if (!exits.TryGetValue(path.Interface, out var device))
            {
                exits.Add(path.Interface, device = DeviceBehind(path.Interface));
            }

            if (device is { } number && _inputs.Links.TryGetValue(path.Interface, out var link))
            {
                var exception = _inputs.Links[_inputs.Pairs.First(pair => pair.Device == number).Exception];
                yield return new TunnelPath(path.RemoteIp, localIp, number, link.Mac, path.NextHop, Math.Min(link.Mtu, exception.Mtu));
            }
        }
    }

    private string? TunnelProblem(bool hasAddress) => _settings switch
    {
        { EncapIps.Count: not 1 } => "left to OVS, which chooses among them; set one ovn-encap-ip",
        _ when !hasAddress => $"left to OVS, because ovn-encap-ip {_settings.EncapIps[0]} is not IPv4",
        { EncapTos: not (null or "none" or "0") } => $"left to OVS, because of ovn-encap-tos={_settings.EncapTos}; the device sends TOS 0",
        _ when _settings.Find("ovn-encap-df_default") is "false" => "left to OVS, because of ovn-encap-df_default=false; the device sends DF",
        _ when _inputs.Southbound.SbGlobals.Any(row => row.Ipsec) => "left to OVS, because OVN encrypts them (ipsec)",
        _ => null,
    };

    // The front port that packets leave by which the kernel routes to a link.
    private int? DeviceBehind(string name)
    {
        if (_inputs.Pairs.FirstOrDefault(pair => pair.Exception == name) is { } direct && !_attached.ContainsKey(name))
        {
            return direct.Device;
        }

        if (!_attached.TryGetValue(name, out var place))
        {
            _remarks.Add($"tunnels by {name}: left to OVS, because it is neither an exception netdev nor a port of an OVS bridge that has one");
            return null;
        }

        var inside = _inputs.Local.InterfacesOf(place.Bridge).Select(pair => pair.Interface.Name).ToHashSet();
        var exits = _inputs.Pairs.Where(pair => pair.Exception != name && inside.Contains(pair.Exception)).ToList();
        var problem = exits is not [var exit] ? $"the bridge {place.Bridge.Name} has no exception netdev, or several"
            : _oddities.Of(place.Port, place.Interface) ?? _oddities.Of(_attached[exit.Exception].Port, _attached[exit.Exception].Interface)
                ?? OddityOf(place.Bridge, exit.Exception);
        if (problem is not null)
        {
            _remarks.Add($"tunnels by {name}: {problem}");
            return null;
        }

        return exits[0].Device;
    }

    private void Remark(PortPair pair, string text) => _remarks.Add(string.Create(CultureInfo.InvariantCulture, $"port {pair.Device} ({pair.Exception}): {text}"));
}
