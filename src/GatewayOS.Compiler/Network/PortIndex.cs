using System.Globalization;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>Port bindings by name and by what evaluation looks for, followed from version to version of the database.</summary>
public sealed class PortIndex
{
    private readonly Dictionary<string, PortBinding> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, SortedDictionary<string, PortBinding>> _localnets = [];
    private readonly Dictionary<(Guid, int), PortBinding> _byKey = [];
    private readonly SortedDictionary<string, PortBinding> _doors = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, HashSet<string>> _patches = [];
    private readonly Dictionary<Guid, SortedSet<string>> _several = [];
    private readonly Dictionary<Guid, IReadOnlySet<ulong>> _routers = [];
    private readonly Dictionary<(Guid, string), List<ulong>> _byAddress = [];

    /// <summary>Ports that packets may come in by on some chassis: all but those that are bound elsewhere or only lead on.</summary>
    public IReadOnlyCollection<PortBinding> Doors => _doors.Values;

    public PortBinding? Find(string name) => _byName.GetValueOrDefault(name);

    public PortBinding? Localnet(Guid datapath) => _localnets.GetValueOrDefault(datapath)?.Values.First();

    public PortBinding? Find(Guid datapath, int tunnelKey) => _byKey.GetValueOrDefault((datapath, tunnelKey));

    /// <summary>The Ethernet addresses of the router ports that a switch has patch ports to.</summary>
    public IReadOnlySet<ulong> Routers(Guid datapath)
    {
        if (!_routers.TryGetValue(datapath, out var addresses))
        {
            addresses = (_patches.GetValueOrDefault(datapath) ?? [])
                .Select(name => Find(Find(name)?.Options.Find("peer") ?? "")).OfType<PortBinding>()
                .SelectMany(peer => PortAddresses.Of(peer).Ethernet).ToHashSet();
            _routers.Add(datapath, addresses);
        }

        return addresses;
    }

    /// <summary>The Ethernet addresses of the ports of a datapath that have an IP address.</summary>
    public IReadOnlyCollection<ulong> EthAddressesOf(Guid datapath, string address) => _byAddress.TryGetValue((datapath, address), out var found) ? found : [];

    /// <summary>The names of the patch ports of a datapath.</summary>
    public IReadOnlyCollection<string> Patches(Guid datapath) => _patches.TryGetValue(datapath, out var patches) ? patches : [];

    /// <summary>The names of the ports of a datapath that have several chassis.</summary>
    public IReadOnlyCollection<string> Several(Guid datapath) => _several.TryGetValue(datapath, out var several) ? several : [];

    /// <param name="before">The version that this index has.</param>
    /// <param name="now">The version to go to.</param>
    /// <param name="here">The Chassis row that VIFs must be bound to.</param>
    /// <param name="changed">Gets what is different.</param>
    public void Update(Southbound before, Southbound now, Guid? here, ISet<InputKey> changed)
    {
        var changes = now.PortBindings.ChangesSince(before.PortBindings);
        foreach (var (old, _) in changes)
        {
            if (old is not null)
            {
                Mark(old, changed);
                Remove(old);
            }
        }

        foreach (var (_, current) in changes)
        {
            if (current is not null)
            {
                Add(current, here);
                Mark(current, changed);
            }
        }
    }

    private void Mark(PortBinding port, ISet<InputKey> changed)
    {
        changed.Add(InputKey.Of(InputKind.Port, port.LogicalPort));
        changed.Add(InputKey.Of(InputKind.Port, port.Uuid));
        changed.Add(ByKey(port.Datapath, port.TunnelKey));
        foreach (var (_, address) in AddressesOf(port))
        {
            changed.Add(ByAddress(port.Datapath, address));
        }

        if (port.AdditionalChassis.Count > 0)
        {
            changed.Add(InputKey.Of(InputKind.PortsOfSeveral, port.Datapath));
        }

        if (port.Type == "localnet")
        {
            changed.Add(InputKey.Of(InputKind.Localnet, port.Datapath));
        }

        if (port.Type == "patch")
        {
            foreach (var datapath in (Guid?[])[port.Datapath, Find(port.Options.Find("peer") ?? "")?.Datapath])
            {
                if (datapath is { } one && (_routers.Remove(one) || !_patches.ContainsKey(one)))
                {
                    changed.Add(InputKey.Of(InputKind.Routers, one));
                }
            }
        }
    }

    /// <summary>The input that a port with this tunnel key is, whether there is one or not.</summary>
    public static InputKey ByKey(Guid datapath, int tunnelKey) =>
        new(InputKind.Port, datapath, tunnelKey.ToString(CultureInfo.InvariantCulture));

    /// <summary>The input that the owners of an IP address are, whether there are any or not.</summary>
    public static InputKey ByAddress(Guid datapath, string address) => new(InputKind.Address, datapath, address);

    // "MAC IP IP...": those of router ports have prefix lengths, and are of no interest here.
    private static IEnumerable<(ulong Mac, string Address)> AddressesOf(PortBinding port) =>
        from text in port.Mac
        let words = text.Split(' ')
        where words.Length > 1 && MacAddress.TryParse(words[0], out _)
        from address in words.Skip(1)
        where !address.Contains('/', StringComparison.Ordinal)
        select (MacAddress.Parse(words[0]).Value, IpAddress.TryParse(address, out var ip) ? ip.ToString() : address);

    private static bool IsDoor(PortBinding port, Guid? here) => port.Type switch
    {
        "localnet" or "localport" => true,
        "vtep" => port.Chassis is not null,
        "" or "l3gateway" or "l2gateway" or "chassisredirect" => here is { } chassis && (port.Chassis == chassis || port.AdditionalChassis.Contains(chassis)),
        _ => false,
    };

    private void Add(PortBinding port, Guid? here)
    {
        _byName[port.LogicalPort] = port;
        _byKey[(port.Datapath, port.TunnelKey)] = port;
        if (IsDoor(port, here))
        {
            _doors[port.LogicalPort] = port;
        }

        foreach (var (mac, address) in AddressesOf(port))
        {
            if (!_byAddress.TryGetValue((port.Datapath, address), out var owners))
            {
                _byAddress.Add((port.Datapath, address), owners = []);
            }

            owners.Add(mac);
        }

        if (port.AdditionalChassis.Count > 0)
        {
            if (!_several.TryGetValue(port.Datapath, out var several))
            {
                _several.Add(port.Datapath, several = new(StringComparer.Ordinal));
            }

            several.Add(port.LogicalPort);
        }

        if (port.Type == "patch")
        {
            if (!_patches.TryGetValue(port.Datapath, out var patches))
            {
                _patches.Add(port.Datapath, patches = []);
            }

            patches.Add(port.LogicalPort);
        }

        if (port.Type == "localnet")
        {
            if (!_localnets.TryGetValue(port.Datapath, out var localnets))
            {
                _localnets.Add(port.Datapath, localnets = new(StringComparer.Ordinal));
            }

            localnets[port.LogicalPort] = port;
        }
    }

    private void Remove(PortBinding port)
    {
        _byName.Remove(port.LogicalPort);
        _byKey.Remove((port.Datapath, port.TunnelKey));
        _doors.Remove(port.LogicalPort);
        _patches.GetValueOrDefault(port.Datapath)?.Remove(port.LogicalPort);
        _several.GetValueOrDefault(port.Datapath)?.Remove(port.LogicalPort);
        foreach (var (mac, address) in AddressesOf(port))
        {
            if (_byAddress.TryGetValue((port.Datapath, address), out var owners) && owners.Remove(mac) && owners.Count == 0)
            {
                _byAddress.Remove((port.Datapath, address));
            }
        }

        if (_localnets.TryGetValue(port.Datapath, out var localnets) && localnets.Remove(port.LogicalPort) && localnets.Count == 0)
        {
            _localnets.Remove(port.Datapath);
        }
    }
}
