using System.Globalization;
using System.Text.Json;
using GatewayOS.Compiler;
using GatewayOS.Core;

namespace GatewayOS.Control.Ports;

/// <summary>Reads a <see cref="PortsFile"/>; everything that is wrong with it is said at once.</summary>
public sealed class PortsFileReader
{
    // 511, the exception port of 255, means "drop" in v1model.
    private const int HighestPort = 254;
    private const int EthernetMtu = 1500;
    private const string Physical = "physical", Vif = "vif";

    private readonly List<string> _problems = [];

    private PortsFileReader()
    {
    }

    /// <exception cref="FormatException">The text is no such file; a line for each problem, with the place, the value and the remedy.</exception>
    public static PortsFile Read(string json)
    {
        var reader = new PortsFileReader();
        var file = reader.Parse(json);
        return reader._problems.Count == 0 ? file : throw new FormatException(string.Join('\n', reader._problems));
    }

    private PortsFile Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException failure)
        {
            throw new FormatException($"it is not JSON: {failure.Message}", failure);
        }

        using (document)
        {
            var root = new JsonPlace(document.RootElement, "$", _problems);
            var ports = root.Items("ports", isRequired: true).Select(Port).OfType<DevicePort>().ToList();
            if (ports.Count == 0 && _problems.Count == 0)
            {
                _problems.Add("$.ports is empty: give at least one port");
            }

            foreach (var twice in ports.GroupBy(port => port.Name).Where(group => group.Count() > 1))
            {
                _problems.Add($"$.ports has two ports named '{twice.Key}': give each its own name");
            }

            foreach (var twice in ports.GroupBy(port => port.Number).Where(group => group.Count() > 1))
            {
                _problems.Add(string.Create(CultureInfo.InvariantCulture, $"$.ports has two ports with device {twice.Key}: give each its own number"));
            }

            var numbers = ports.DistinctBy(port => port.Name).ToDictionary(port => port.Name, port => port.Number);
            var tunnels = root.Object("tunnel") is { } tunnel ? Tunnels(tunnel, numbers) : [];
            return new PortsFile(new DeviceView(ports.ToEquatableArray(), tunnels.ToEquatableArray()), numbers);
        }
    }

    private DevicePort? Port(JsonPlace place)
    {
        var name = place.Text("name", isRequired: true);
        var number = place.Number("device", null, 1, HighestPort);
        var kind = place.Text("kind", isRequired: true);
        var mtu = place.Number("mtu", EthernetMtu, 68, ushort.MaxValue);
        var addresses = place.Items("localMacs", isRequired: false).Select(item => item.Mac()).OfType<MacAddress>().ToEquatableArray();
        var network = place.Text("network", isRequired: false);
        var interfaceId = place.Text("ifaceId", isRequired: kind == Vif);
        if (kind is not (null or Physical or Vif))
        {
            place.Problem("kind", $"'{kind}'", $"write \"{Physical}\" or \"{Vif}\"");
        }

        return name is null || number is null || mtu is null ? null : new DevicePort(
            number.Value, name, kind == Physical && network is not null ? [network] : [], kind == Vif ? interfaceId : null, mtu.Value, addresses);
    }

    private static IEnumerable<TunnelPath> Tunnels(JsonPlace place, Dictionary<string, int> numbers)
    {
        var port = place.Text("port", isRequired: true);
        var localIp = place.IPv4("localIp");
        var mac = place.Has("mac") ? place.Mac("mac") : null;
        var mtu = place.Number("mtu", EthernetMtu, 68, ushort.MaxValue);
        var number = 0;
        if (port is not null && !numbers.TryGetValue(port, out number))
        {
            place.Problem("port", $"'{port}'", "name one of $.ports");
        }

        foreach (var neighbor in place.Items("neighbors", isRequired: false))
        {
            var remoteIp = neighbor.IPv4("ip");
            var nextHop = neighbor.Has("mac") ? neighbor.Mac("mac") : null;
            if (remoteIp is { } remote && localIp is { } local && mtu is { } limit)
            {
                yield return new TunnelPath(remote, local, number, mac, nextHop, limit);
            }
        }
    }
}
